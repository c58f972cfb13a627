using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.ProxyDhcp;

/// <summary>
/// The question whether another DHCP server is here: a DHCPDISCOVER of our own, which no REQUEST follows, so that no lease is
/// taken. And what counts as an answer, to us or to anybody else.
/// </summary>
/// <param name="hardware">The hardware address of our interface: always the same, so that a server keeps one address for it at most.</param>
/// <param name="transaction"><c>xid</c>, by which our own question is known again.</param>
/// <param name="own">Our own addresses: what they say is no other server's.</param>
internal sealed class DhcpDiscovery(HardwareAddress hardware, uint transaction, FrozenSet<Ipv4> own)
{
    private const int TransactionOffset = 4;
    private const uint FirstMulticast = 0xE0000000;

    /// <summary>The question on an interface; null where that is no Ethernet.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="own">Our own addresses: what they say is no other server's.</param>
    public static DhcpDiscovery? On(BootInterface nic, FrozenSet<Ipv4> own)
    {
        var hardware = new HardwareAddress(HardwareAddress.Ethernet, nic.Hardware.Length == 6 ? nic.Hardware.AsSpan() : []);
        return hardware.IsUnicastMac ? new DhcpDiscovery(hardware, BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))), own) : null;
    }

    /// <summary>Writes the question.</summary>
    /// <param name="buffer">Room for it, 300 bytes or more.</param>
    /// <returns>Its length.</returns>
    public int Write(Span<byte> buffer)
    {
        var writer = DhcpPacketWriter.Request(buffer, DhcpMessageType.Discover, hardware, transaction);
        // The answer is to come by broadcast: there is no such address here to send it to.
        writer.Broadcast = true;
        writer.Add(DhcpOptionCode.ParameterRequestList, [(byte)DhcpOptionCode.SubnetMask, (byte)DhcpOptionCode.Router, (byte)DhcpOptionCode.LeaseTime]);
        return writer.Finish();
    }

    /// <summary>Whether this is the question itself: the kernel has us hear our own broadcasts.</summary>
    public bool IsQuestion(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= DhcpPacket.HeaderSize
        && BinaryPrimitives.ReadUInt32BigEndian(datagram[TransactionOffset..]) == transaction
        && DhcpPacket.TryParse(datagram, out var packet, out _)
        && packet.HardwareAddress == hardware;

    /// <summary>Reads which other server gives or refuses somebody an address. What gives none, a proxy's offer, does not count.</summary>
    /// <param name="datagram">What came to port 68.</param>
    /// <param name="server">The other server.</param>
    public bool TryReadServer(ReadOnlySpan<byte> datagram, out Ipv4 server)
    {
        server = default;
        if (!DhcpPacket.TryParse(datagram, out var packet, out _)
            || packet.Operation != DhcpOperation.BootReply
            || !packet.TryGetAddress(DhcpOptionCode.ServerIdentifier, out var identifier)
            || identifier.IsAny || identifier.Value >= FirstMulticast)
        {
            return false;
        }

        server = identifier;
        return !own.Contains(server) && packet.MessageType switch
        {
            DhcpMessageType.Offer or DhcpMessageType.Ack => !packet.YourAddress.IsAny,
            DhcpMessageType.Nak => true,
            _ => false,
        };
    }
}
