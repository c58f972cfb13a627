using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;
using Mayu.Protocols.Pxe;
using Mayu.Server.Loaders;

namespace Mayu.Server.Dhcp;

/// <summary>Writes the options that go with a boot file, whoever gives the address. What a quirk omits is left out.</summary>
internal static class BootFileOptions
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
}
