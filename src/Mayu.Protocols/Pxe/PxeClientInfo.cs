using System.Buffers.Binary;
using Mayu.Protocols.Dhcp;

namespace Mayu.Protocols.Pxe;

/// <summary>What a DHCP packet tells about the loader that sent it (RFC 4578, RFC 3004, iPXE's option 175). A view, like the packet.</summary>
public readonly ref struct PxeClientInfo
{
    private const int MachineIdentifierSize = 17;
    private const byte FirstFeature = 0x10;
    private const byte LastFeature = 0x29;

    /// <summary>Who sends it.</summary>
    public PxeClientKind Kind { get; private init; }

    /// <summary>
    /// Option 93; the first known one of its list, else the first. Where it is absent or misshapen, what option 60 says; null where that
    /// says nothing either. Of U-Boot: what its class says goes before option 93.
    /// </summary>
    public ClientArchitecture? Architecture { get; private init; }

    /// <summary>What iPXE says it can do; none for other clients.</summary>
    public IpxeFeatures Features { get; private init; }

    /// <summary>Option 97 as DMI and iPXE's <c>${uuid}</c> print it; null where it is absent, misshapen, or all zeros or ones.</summary>
    public Guid? Uuid { get; private init; }

    /// <summary>Option 60 as it came; empty where absent.</summary>
    public ReadOnlySpan<byte> VendorClass { get; private init; }

    /// <summary>Whether this is a loader that wants something to boot, not an operating system.</summary>
    public bool IsNetworkBoot => Kind != PxeClientKind.Plain;

    /// <summary>Whether this iPXE can go on with our script: it speaks HTTP, and starts a Linux kernel under its firmware.</summary>
    /// <remarks>An iPXE without option 175 in its packet told nothing at all and is taken at its user class's word.</remarks>
    public bool IsCapableIpxe => Kind == PxeClientKind.Ipxe &&
        (Features == IpxeFeatures.None ||
            ((Features & IpxeFeatures.Http) != IpxeFeatures.None && (Features & (IpxeFeatures.BzImage | IpxeFeatures.Efi)) != IpxeFeatures.None));

    /// <summary>Reads what is there; whatever is misshapen counts as absent.</summary>
    /// <param name="packet">A request.</param>
    public static PxeClientInfo Read(scoped in DhcpPacket packet)
    {
        packet.TryGetOption(DhcpOptionCode.VendorClassIdentifier, out var vendorClass);
        packet.TryGetOption(DhcpOptionCode.UserClass, out var userClass);
        var hasEtherboot = packet.TryGetOption(DhcpOptionCode.Etherboot, out var etherboot);
        var features = hasEtherboot ? ReadFeatures(etherboot) : IpxeFeatures.None;

        var architecture = ReadArchitecture(packet) ?? ArchitectureOf(vendorClass);
        var kind = KindOf(vendorClass, userClass, features, architecture);
        return new PxeClientInfo
        {
            Kind = kind,
            Architecture = kind == PxeClientKind.UBoot ? UBootArchitectureOf(vendorClass, architecture) : architecture,
            Features = features,
            Uuid = ReadUuid(packet),
            VendorClass = vendorClass,
        };
    }

    /// <summary>What these two classes say, where no more of a packet is known.</summary>
    /// <param name="vendorClass">Option 60; empty: absent.</param>
    /// <param name="userClass">Option 77; empty: absent.</param>
    public static PxeClientInfo OfClasses(ReadOnlySpan<byte> vendorClass, ReadOnlySpan<byte> userClass)
    {
        var architecture = ArchitectureOf(vendorClass);
        var kind = KindOf(vendorClass, userClass, IpxeFeatures.None, architecture);
        return new PxeClientInfo
        {
            Kind = kind,
            Architecture = kind == PxeClientKind.UBoot ? UBootArchitectureOf(vendorClass, architecture) : architecture,
            VendorClass = vendorClass,
        };
    }

    // iPXE under UEFI HTTP boot still says HTTPClient in option 60, so its own marks are looked at first.
    private static PxeClientKind KindOf(ReadOnlySpan<byte> vendorClass, ReadOnlySpan<byte> userClass, IpxeFeatures features, ClientArchitecture? architecture) =>
        NamesIpxe(userClass) || features != IpxeFeatures.None ? PxeClientKind.Ipxe
        : vendorClass.StartsWith("PXEClient"u8) ? PxeClientKind.Pxe
        : vendorClass.StartsWith("HTTPClient"u8) ? PxeClientKind.HttpBoot
        : vendorClass.StartsWith("U-Boot"u8) || architecture is >= ClientArchitecture.UBootArm32 and <= ClientArchitecture.UBootArm64Http ? PxeClientKind.UBoot
        : PxeClientKind.Plain;

    // Option 77 in its two forms: instances with length bytes (RFC 3004 §4), and the bare text that iPXE sends.
    private static bool NamesIpxe(ReadOnlySpan<byte> userClass)
    {
        var name = "iPXE"u8;
        if (userClass.SequenceEqual(name))
        {
            return true;
        }

        while (!userClass.IsEmpty && userClass[0] > 0 && userClass[0] < userClass.Length)
        {
            if (userClass.Slice(1, userClass[0]).SequenceEqual(name))
            {
                return true;
            }

            userClass = userClass[(1 + userClass[0])..];
        }

        return false;
    }

    private static IpxeFeatures ReadFeatures(ReadOnlySpan<byte> etherboot)
    {
        var features = IpxeFeatures.None;
        var reader = new DhcpOptionReader(etherboot);
        while (reader.MoveNext())
        {
            var code = (byte)reader.Code;
            // Each feature carries the version of its support; 0 switches it off.
            if (code is >= FirstFeature and <= LastFeature && reader.Value.ContainsAnyExcept((byte)0))
            {
                features |= (IpxeFeatures)(1 << (code - FirstFeature));
            }
        }

        return features;
    }

    private static ClientArchitecture? ReadArchitecture(scoped in DhcpPacket packet)
    {
        if (!packet.TryGetOption(DhcpOptionCode.ClientSystemArchitecture, out var list) || list.IsEmpty || list.Length % 2 != 0)
        {
            return null;
        }

        for (var i = 0; i < list.Length; i += 2)
        {
            var architecture = (ClientArchitecture)BinaryPrimitives.ReadUInt16BigEndian(list[i..]);
            if (Enum.IsDefined(architecture))
            {
                return architecture;
            }
        }

        return (ClientArchitecture)BinaryPrimitives.ReadUInt16BigEndian(list);
    }

    // Its class is U-Boot.armv8, U-Boot.armv7 or U-Boot.arm, or U-Boot alone. Before the registry had numbers for it, it said 0x100 on ARM; on x86 it
    // says 0, which is not the BIOS that PXE means by that.
    private static ClientArchitecture? UBootArchitectureOf(ReadOnlySpan<byte> vendorClass, ClientArchitecture? told) =>
        vendorClass.StartsWith("U-Boot.armv8"u8) ? ClientArchitecture.UBootArm64
        : vendorClass.StartsWith("U-Boot.arm"u8) ? ClientArchitecture.UBootArm32
        : told is { } known && known != ClientArchitecture.BiosX86 && Enum.IsDefined(known) ? known
        : null;

    // PXEClient:Arch:00007:UNDI:003001 (PXE specification 2.1, table 2-1): five decimal digits.
    private static ClientArchitecture? ArchitectureOf(ReadOnlySpan<byte> vendorClass)
    {
        const int Digits = 5;
        var mark = "Client:Arch:"u8;
        var place = vendorClass.IndexOf(mark);
        if (place < 0 || vendorClass.Length < place + mark.Length + Digits)
        {
            return null;
        }

        var digits = vendorClass.Slice(place + mark.Length, Digits);
        return !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') && ushort.TryParse(digits, out var number) ? (ClientArchitecture)number : null;
    }

    private static Guid? ReadUuid(scoped in DhcpPacket packet)
    {
        if (!packet.TryGetFixed(DhcpOptionCode.ClientMachineIdentifier, MachineIdentifierSize, out var value) || value[0] != 0)
        {
            return null;
        }

        // The first three fields lie in little-endian order on the wire, which is how Guid reads them.
        var uuid = new Guid(value[1..]);
        return uuid == Guid.Empty || uuid == Guid.AllBitsSet ? null : uuid;
    }
}
