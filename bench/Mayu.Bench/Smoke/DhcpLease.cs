using System.Net;
using System.Text;
using Mayu.Lab;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Net;

namespace Mayu.Bench.Smoke;

/// <summary>What an offer or acknowledgement said.</summary>
/// <param name="Address">The client's address.</param>
/// <param name="Server">Option 54.</param>
/// <param name="BootFile">Option 67, else <c>file</c>: for iPXE the URL of its script.</param>
internal sealed record DhcpLease(InAddr Address, InAddr Server, string BootFile)
{
    public IPAddress ClientAddress => Address.ToIPAddress();

    /// <param name="bytes">The answer.</param>
    /// <param name="expected">What it must be.</param>
    /// <exception cref="LabException">It is something else, or lacks what a machine needs.</exception>
    public static DhcpLease Read(byte[] bytes, DhcpMessageType expected)
    {
        if (!DhcpPacket.TryParse(bytes, out var packet, out var error))
        {
            throw new LabException($"the answer is no DHCP packet: {error}");
        }

        if (packet.MessageType != expected)
        {
            throw new LabException($"the answer is {packet.MessageType}, not {expected}");
        }

        if (!packet.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var server) || packet.YourAddress.IsAny)
        {
            throw new LabException($"{expected} has no server identifier, or no address");
        }

        var file = packet.TryGetOption(DhcpOptionCode.BootFileName, out var option) ? option : packet.BootFile;
        return new DhcpLease(packet.YourAddress, server, Encoding.ASCII.GetString(file).TrimEnd('\0'));
    }
}
