using System.Net;
using System.Text;
using Mayu.Protocols.Dhcp;

namespace Mayu.Interop.Tests.Beside;

/// <summary>What a server said, as far as booting is concerned.</summary>
/// <param name="Type">OFFER, ACK or NAK.</param>
/// <param name="Server">Option 54.</param>
/// <param name="Address"><c>yiaddr</c>.</param>
/// <param name="NextServer"><c>siaddr</c>.</param>
/// <param name="File">The boot file: option 67, else the field <c>file</c>.</param>
/// <param name="VendorClass">Option 60.</param>
/// <param name="VendorOptions">Option 43 in hex.</param>
/// <param name="Ipxe">Option 175 in hex.</param>
/// <param name="MachineIdentifier">Option 97 in hex.</param>
internal sealed record PxeAnswer(
    DhcpMessageType Type, IPAddress Server, IPAddress Address, IPAddress NextServer, string File,
    string VendorClass, string VendorOptions, string Ipxe, string MachineIdentifier)
{
    public bool HasAddress => !Address.Equals(IPAddress.Any);

    /// <summary>Reads a datagram; null for what belongs to another conversation.</summary>
    public static PxeAnswer? TryRead(ReadOnlySpan<byte> datagram, uint transaction)
    {
        if (!DhcpPacket.TryParse(datagram, out var packet, out _) || packet.Operation != DhcpOperation.BootReply || packet.TransactionId != transaction)
        {
            return null;
        }

        packet.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server);
        var file = packet.TryGetOption(DhcpOptionCode.BootFileName, out var option) ? option : packet.BootFile;
        return new PxeAnswer(
            packet.MessageType,
            server.ToIPAddress(),
            packet.YourAddress.ToIPAddress(),
            packet.NextServer.ToIPAddress(),
            Encoding.ASCII.GetString(file).TrimEnd('\0'),
            packet.TryGetOption(DhcpOptionCode.VendorClassIdentifier, out var vendor) ? Encoding.ASCII.GetString(vendor) : "",
            Hex(packet, DhcpOptionCode.VendorSpecific),
            Hex(packet, DhcpOptionCode.Etherboot),
            Hex(packet, DhcpOptionCode.ClientMachineIdentifier));
    }

    private static string Hex(in DhcpPacket packet, DhcpOptionCode code) =>
        packet.TryGetOption(code, out var value) ? Convert.ToHexString(value) : "";
}
