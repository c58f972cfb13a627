using Mayu.Core.Addresses;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Protocols.Net;
using Mayu.Protocols.Pxe;

namespace Mayu.Server.Dhcp;

/// <summary>The sender of one packet, with all that the server decides from. A view, like the packet.</summary>
internal readonly ref struct DhcpClient
{
    /// <summary>The subnet it is in.</summary>
    public required DhcpScope Scope { get; init; }

    public required MacAddress Mac { get; init; }

    /// <summary>Whose interface it is; null for an unknown machine's.</summary>
    public required Serial? Serial { get; init; }

    public required PxeClientInfo Loader { get; init; }

    public required BootAnswer Answer { get; init; }

    /// <summary>Whether it speaks BOOTP, as only loaders do nowadays.</summary>
    public bool IsBootp { get; init; }

    /// <summary>Whether it is left alone: a loader whose machine boots its own disk, or nothing. Its operating system still gets a lease.</summary>
    public bool IsLeftAlone => (Loader.IsNetworkBoot || IsBootp) && (Answer.Kind is BootAnswerKind.LocalDisk or BootAnswerKind.Ignore);

    /// <summary>Who it is, in words for the trace.</summary>
    public string Describe() => Loader.Kind switch
    {
        PxeClientKind.Ipxe => $"iPXE on {DescribeArchitecture()}",
        PxeClientKind.Pxe => $"PXE firmware, {DescribeArchitecture()}",
        PxeClientKind.HttpBoot => $"UEFI HTTP boot, {DescribeArchitecture()}",
        _ => Loader.VendorClass.IsEmpty ? "an operating system" : $"an operating system ({WireText.Printable(Loader.VendorClass, 60)})",
    };

    private string DescribeArchitecture() => Loader.Architecture is { } architecture
        ? $"{architecture} ({(ushort)architecture})"
        : "no architecture told";
}
