using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Dhcp;

/// <summary>
/// Writes the options that go with a boot file, and those that a client wants back, whoever gives the address. What a quirk omits is left out.
/// </summary>
internal static class ReplyOptions
{
    private const int MachineIdentifierSize = 17;

    /// <summary>Adds an option unless the client must not see it.</summary>
    public static void Add(ref DhcpPacketWriter writer, BootFile file, DhcpOptionCode code, scoped ReadOnlySpan<byte> value)
    {
        if (file.Sends(code))
        {
            writer.Add(code, value);
        }
    }

    /// <summary>
    /// Adds option 67. For PXE it ends with a NUL, up to which some firmware reads; RFC 2132 §2 has every receiver cope with one. UEFI HTTP boot
    /// and iPXE are told none: nobody is known to need it there, and it must not become part of a URL.
    /// </summary>
    public static void AddName(ref DhcpPacketWriter writer, in PxeClientInfo client, BootFile file) =>
        Add(ref writer, file, DhcpOptionCode.BootFileName, file.IsHttpBoot || client.Kind == PxeClientKind.Ipxe ? file.Bytes : file.BytesWithNul);

    /// <summary>Echoes option 97. GRUB takes the UUID in the names of its configurations from here.</summary>
    public static void AddMachineIdentifier(ref DhcpPacketWriter writer, in DhcpPacket request, BootFile file)
    {
        if (request.TryGetFixed(DhcpOptionCode.ClientMachineIdentifier, MachineIdentifierSize, out var machine))
        {
            Add(ref writer, file, DhcpOptionCode.ClientMachineIdentifier, machine);
        }
    }

    /// <summary>Adds what PXELINUX looks for. It has no DHCP of its own: it reads what the firmware was told.</summary>
    public static void AddPxelinux(ref DhcpPacketWriter writer, in DhcpPacket request, BootFile file)
    {
        if (file.Loader != BootLoader.Pxelinux)
        {
            return;
        }

        Span<byte> name = stackalloc byte[PxelinuxNames.ByMacLength];
        Span<byte> octets = stackalloc byte[HardwareAddress.MaximumLength];
        request.HardwareAddress.CopyTo(octets);
        PxelinuxNames.WriteByMac(name, octets);
        Add(ref writer, file, DhcpOptionCode.PxelinuxConfigFile, name);
        if (!file.PathPrefixBytes.IsEmpty)
        {
            Add(ref writer, file, DhcpOptionCode.PxelinuxPathPrefix, file.PathPrefixBytes);
        }
    }

    /// <summary>
    /// Echoes option 61 (RFC 6842 §3), which tells clients apart that share a hardware address, and option 118, without which a client that
    /// sent it drops the answer (RFC 3011 §2); one that is no address was not looked at, and does not come back.
    /// </summary>
    /// <param name="writer">The answer.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="file">The boot file that the client is told, whose quirk may omit option 61; null: none.</param>
    public static void AddEchoes(ref DhcpPacketWriter writer, in DhcpPacket request, BootFile? file = null)
    {
        if (file?.Sends(DhcpOptionCode.ClientIdentifier) != false && request.TryGetOption(DhcpOptionCode.ClientIdentifier, out var client))
        {
            writer.Add(DhcpOptionCode.ClientIdentifier, client);
        }

        if (request.TryGetAddress(DhcpOptionCode.SubnetSelection, out var subnet))
        {
            writer.Add(DhcpOptionCode.SubnetSelection, subnet);
        }
    }
}
