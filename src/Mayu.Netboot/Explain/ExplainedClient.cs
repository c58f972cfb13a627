using System.Buffers.Binary;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Explain;

/// <summary>The packets of the client that an explanation is about, as they would come in.</summary>
/// <param name="mac">Its MAC.</param>
/// <param name="kind">Which program of it speaks.</param>
/// <param name="architecture">Its architecture.</param>
/// <param name="uuid">Its UUID; null: it tells none.</param>
internal sealed class ExplainedClient(MacAddress mac, PxeClientKind kind, ClientArchitecture architecture, Guid? uuid)
{
    private const uint Transaction = 1;

    // RFC 2131 §2, figure 1.
    private const int RelayAddressOffset = 24;

    // RFC 3527 §3.
    private const byte LinkSelection = 5;

    private readonly BootClient _client = new() { HardwareAddress = HardwareOf(mac), Kind = kind, Architecture = architecture, Uuid = uuid };

    public MacAddress Mac => mac;

    public PxeClientKind Kind => kind;

    /// <summary>Its DHCPDISCOVER.</summary>
    /// <param name="network">Where it is, and the relay that it comes by.</param>
    public byte[] Discover(ExplainedNetwork network)
    {
        var packet = new byte[BootClientWriter.Size];
        Span<byte> link = [LinkSelection, Ipv4.Size, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(link[2..], network.Subnet.Network.Value);
        var length = BootClientWriter.WriteDiscover(packet, _client, Transaction, network.IsSelected ? link : []);
        if (network.Relay is { } giaddr)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(RelayAddressOffset), giaddr.Value);
        }

        return packet[..length];
    }

    /// <summary>The same, read.</summary>
    public DhcpPacket DiscoverPacket(ExplainedNetwork network) =>
        DhcpPacket.TryParse(Discover(network), out var packet, out _) ? packet : throw new InvalidOperationException("a packet that Mayu made is malformed");

    /// <summary>Its question to port 4011.</summary>
    /// <param name="address">The address that it has by then.</param>
    public byte[] BootServerRequest(Ipv4 address)
    {
        var packet = new byte[BootClientWriter.Size];
        return packet[..BootClientWriter.WriteBootServerRequest(packet, _client, Transaction, address)];
    }

    private static HardwareAddress HardwareOf(MacAddress mac)
    {
        Span<byte> octets = stackalloc byte[6];
        mac.CopyTo(octets);
        return new HardwareAddress(HardwareAddress.Ethernet, octets);
    }
}
