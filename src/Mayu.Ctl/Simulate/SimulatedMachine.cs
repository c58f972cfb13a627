using Mayu.Primitives;
using Mayu.Protocols.Pxe;

namespace Mayu.Ctl.Simulate;

/// <summary>Who the simulated machine is.</summary>
internal sealed record SimulatedMachine
{
    /// <summary>Its MAC, six octets.</summary>
    public required byte[] Mac { get; init; }

    /// <summary>What its DMI says.</summary>
    public required string Serial { get; init; }

    public required Guid Uuid { get; init; }

    /// <summary>Its firmware; of UEFI HTTP boot the value for that.</summary>
    public required ClientArchitecture Architecture { get; init; }

    /// <summary>Whether its ROM is an iPXE, so that firmware's own PXE is skipped.</summary>
    public bool StartsAsIpxe { get; init; }

    public HardwareAddress HardwareAddress => new(HardwareAddress.Ethernet, Mac);

    public bool IsUefi => ClientArchitectureName.OverTftp(Architecture) != ClientArchitecture.BiosX86;

    /// <summary>Its firmware as it speaks of itself.</summary>
    public BootClient Firmware => ClientOf(
        ClientArchitectureName.IsHttp(Architecture) ? PxeClientKind.HttpBoot : PxeClientKind.Pxe, Architecture);

    /// <summary>The iPXE that it loads.</summary>
    public BootClient Ipxe => ClientOf(PxeClientKind.Ipxe, ClientArchitectureName.OverTftp(Architecture));

    /// <summary>What iPXE and GRUB call its processor.</summary>
    public string BuildArchitecture => ClientArchitectureName.OverTftp(Architecture) switch
    {
        ClientArchitecture.UefiIa32 => "i386",
        ClientArchitecture.UefiArm32 => "arm32",
        ClientArchitecture.UefiArm64 => "arm64",
        ClientArchitecture.BiosX86 => "i386",
        _ => "x86_64",
    };

    private BootClient ClientOf(PxeClientKind kind, ClientArchitecture architecture) =>
        new() { HardwareAddress = HardwareAddress, Kind = kind, Architecture = architecture, Uuid = Uuid };
}
