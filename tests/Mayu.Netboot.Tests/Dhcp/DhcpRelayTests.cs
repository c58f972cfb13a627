using System.Collections.Frozen;
using Mayu.Netboot.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>Where an answer goes (RFC 2131 §4.1), and subnets behind relays.</summary>
public class DhcpRelayTests
{
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    private static readonly Ipv4 Relay = Ipv4.Of(10, 2, 0, 1);
    private static readonly (DhcpOptionCode, byte[]) FromRelay = (DhcpOptionCode.RelayAgentInformation, [1, 4, 0, 9, 0, 9, 2, 1, 7]);

    private readonly ServedNetwork _network = new(Link, Behind(2, Relay), Behind(3, Ipv4.Of(10, 3, 0, 1)));

    private static DhcpSubnet Link => DhcpResponderTests.SettingsOf(Server, Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 51));

    [Fact]
    public void A_client_on_the_link_is_answered_by_broadcast_until_it_has_an_address()
    {
        _network.Send(Discover(1));
        Assert.Equal((Ipv4.Broadcast, (ushort)68), (_network.Reply.Address, _network.Reply.Port));
    }

    [Fact]
    public void A_relay_gets_its_clients_answer_from_the_pool_of_its_own_subnet()
    {
        Assert.Equal(Ipv4.Of(10, 2, 0, 50), _network.Bind(1, Relay));
        Assert.Equal((Relay, (ushort)67), (_network.Reply.Address, _network.Reply.Port));
        Assert.Equal(Relay, _network.Answer.RelayAddress);
        Assert.Equal(Server, _network.Server);
        Assert.Equal("FFFF0000", _network.Hex(1));
        Assert.Equal(Ipv4.Of(10, 3, 0, 50), _network.Bind(1, Ipv4.Of(10, 3, 0, 1)));
        Assert.Equal(ServedNetwork.MacOf(1), _network.Clients.Find(new Ipv4(Ipv4.Of(10, 2, 0, 50).Value)));
    }

    [Fact]
    public void What_the_relay_wrote_comes_back_unchanged_and_last()
    {
        _network.Send(Discover(1, FromRelay), Relay);

        Assert.Equal(Convert.ToHexString([1, 4, 0, 9, 0, 9, 2, 1, 7]), _network.Hex(82));
        var reader = new DhcpOptionReader(_network.Answer.Bytes[DhcpPacket.HeaderSize..]);
        var last = DhcpOptionCode.Pad;
        while (reader.MoveNext())
        {
            last = reader.Code;
        }

        Assert.Equal(DhcpOptionCode.RelayAgentInformation, last);
    }

    [Fact]
    public void A_relay_that_nobody_configured_is_not_answered()
    {
        Assert.False(_network.Send(Discover(1), Ipv4.Of(10, 0, 0, 9)));
        Assert.False(_network.Send(Request(1, DhcpMessageType.None), Ipv4.Of(8, 8, 8, 8)));
        Assert.False(_network.Send(Discover(1), Server));
    }

    [Fact]
    public void A_refusal_goes_to_the_relay_which_is_told_to_broadcast_it()
    {
        Assert.True(_network.Send(Request(1, DhcpMessageType.Request, Option(50, Ipv4.Of(192, 168, 0, 9))), Relay));
        Assert.Equal(DhcpMessageType.Nak, _network.Answer.MessageType);
        Assert.True(_network.Answer.WantsBroadcast);
        Assert.Equal((Relay, (ushort)67), (_network.Reply.Address, _network.Reply.Port));
    }

    [Fact]
    public void A_client_behind_a_relay_renews_by_itself_through_the_router()
    {
        var address = _network.Bind(1, Relay);

        Assert.True(_network.Send(Request(1, DhcpMessageType.Request, ciaddr: address)));
        Assert.Equal(DhcpMessageType.Ack, _network.Answer.MessageType);
        Assert.Equal((address, (ushort)68), (_network.Reply.Address, _network.Reply.Port));
        Assert.True(_network.Send(Request(1, DhcpMessageType.Inform, ciaddr: Ipv4.Of(10, 3, 0, 200))));
        Assert.Equal(Ipv4.Of(10, 3, 0, 200), _network.Reply.Address);
        Assert.False(_network.Send(Request(1, DhcpMessageType.Release, address, Option(54, Server))));
        Assert.Null(_network.Clients.Find(address));
    }

    [Fact]
    public void An_ipxe_behind_a_relay_is_told_this_servers_script()
    {
        _network.Send(Discover(1, Ipxe), Relay);

        Assert.Equal("http://10.0.0.1:4081/ipxebootscript"u8, _network.Answer.BootFile);
        Assert.Equal(Server, _network.Answer.NextServer);
    }

    private static DhcpSubnet Behind(byte net, Ipv4 relay) => Link with
    {
        Network = Link.Network with
        {
            Subnet = Ipv4Subnet.TryParse($"10.{net}.0.0/16", out var subnet) ? subnet! : throw new InvalidOperationException(),
            BootstrapRange = new Ipv4Range(new Ipv4(Ipv4.Of(10, net, 0, 50).Value), new Ipv4(Ipv4.Of(10, net, 0, 50).Value)),
        },
        Relays = new[] { relay }.ToFrozenSet(),
    };
}
