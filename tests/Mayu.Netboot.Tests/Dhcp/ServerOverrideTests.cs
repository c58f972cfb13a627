using System.Collections.Frozen;
using Mayu.Netboot.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>What a relay wants this server to be called, so that clients renew by it (RFC 5107).</summary>
public class ServerOverrideTests
{
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    private static readonly Ipv4 Relay = Ipv4.Of(10, 2, 0, 1);
    private static readonly Ipv4 Name = Ipv4.Of(10, 2, 0, 254);
    private static readonly (DhcpOptionCode, byte[]) Override = (DhcpOptionCode.RelayAgentInformation, [1, 1, 7, 11, 4, 10, 2, 0, 254]);

    private readonly ServedNetwork _network = new(Link, Link with
    {
        Network = Link.Network with
        {
            Subnet = Ipv4Subnet.TryParse("10.2.0.0/16", out var subnet) ? subnet! : throw new InvalidOperationException(),
            BootstrapRange = new Ipv4Range(new Ipv4(Ipv4.Of(10, 2, 0, 50).Value), new Ipv4(Ipv4.Of(10, 2, 0, 50).Value)),
        },
        Relays = new[] { Relay }.ToFrozenSet(),
    });

    private static DhcpSubnet Link => DhcpResponderTests.SettingsOf(Server, Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 50));

    [Fact]
    public void Every_answer_by_the_relay_calls_this_server_what_the_relay_wants()
    {
        Assert.True(_network.Send(Discover(1, [.. Pxe(7), Override]), Relay));
        Assert.Equal((DhcpMessageType.Offer, Name), (_network.Answer.MessageType, _network.Server));
        // Files are still loaded from here.
        Assert.Equal(Server, _network.Answer.NextServer);
        Assert.Equal(Convert.ToHexString("10.0.0.1\0"u8), _network.Hex(66));

        Assert.True(_network.Send(Taking(Name, Override), Relay));
        Assert.Equal((DhcpMessageType.Ack, Name), (_network.Answer.MessageType, _network.Server));
        Assert.True(_network.Send(Request(2, DhcpMessageType.Request, Override, Option(54, Name), Option(50, Ipv4.Of(10, 2, 0, 50))), Relay));
        Assert.Equal((DhcpMessageType.Nak, Name), (_network.Answer.MessageType, _network.Server));
        Assert.True(_network.Send(Request(1, DhcpMessageType.Inform, Ipv4.Of(10, 2, 0, 50), Override), Relay));
        Assert.Equal((DhcpMessageType.Ack, Name), (_network.Answer.MessageType, _network.Server));
    }

    [Fact]
    public void A_client_renews_rebinds_and_gives_back_by_the_relay()
    {
        var address = _network.Bind(1, Relay, Override);

        Assert.True(_network.Send(Request(1, DhcpMessageType.Request, address, Override), Relay));
        Assert.Equal((DhcpMessageType.Ack, Name), (_network.Answer.MessageType, _network.Server));
        Assert.Equal((Relay, (ushort)67), (_network.Reply.Address, _network.Reply.Port));
        Assert.False(_network.Send(Request(1, DhcpMessageType.Release, address, Override, Option(54, Name)), Relay));
        Assert.Null(_network.Clients.Find(address));
    }

    [Fact]
    public void A_client_declines_what_it_took_by_that_name()
    {
        var address = _network.Bind(1, Relay, Override);

        _network.Send(Request(1, DhcpMessageType.Decline, Override, Option(54, Name), Option(50, address)), Relay);

        Assert.Contains($"it declined {address}", _network.LastMark(1), StringComparison.Ordinal);
    }

    // The relay may have been told to between offer and request.
    [Fact]
    public void This_servers_own_name_is_still_its_name()
    {
        _network.Send(Discover(1), Relay);

        Assert.True(_network.Send(Taking(Server, Override), Relay));
        Assert.Equal((DhcpMessageType.Ack, Name), (_network.Answer.MessageType, _network.Server));
    }

    [Fact]
    public void Another_name_than_this_relay_wants_is_another_servers()
    {
        _network.Send(Discover(1, Override), Relay);

        Assert.False(_network.Send(Taking(Ipv4.Of(10, 2, 0, 253), Override), Relay));
        Assert.False(_network.Send(Taking(Name, (DhcpOptionCode.RelayAgentInformation, [1, 1, 7])), Relay));
        Assert.Equal("silent: it took the offer of another DHCP server, 10.2.0.254", _network.LastMark(1));
    }

    // A client itself can write option 82 too, and a switch that snoops: they are no relay.
    [Fact]
    public void Nobody_but_a_configured_relay_gives_this_server_a_name()
    {
        Assert.Equal(Ipv4.Of(10, 0, 0, 50), _network.Bind(1, default, Override));
        Assert.Equal(Server, _network.Server);
        Assert.False(_network.Send(Request(1, DhcpMessageType.Request, Override, Option(54, Name), Option(50, Ipv4.Of(10, 0, 0, 50)))));
        Assert.False(_network.Send(Discover(2, Override), Ipv4.Of(10, 2, 0, 254)));
    }

    [Theory]
    [InlineData("0B00")]
    [InlineData("0B030A0200")]
    [InlineData("0B050A02000100")]
    [InlineData("0B0400000000")]
    [InlineData("0B047F000001")]
    [InlineData("0B04E0000001")]
    [InlineData("0B04FFFFFFFF")]
    [InlineData("0B040A02")]
    public void What_is_no_hosts_address_is_no_name(string option82)
    {
        _network.Bind(1, Relay, (DhcpOptionCode.RelayAgentInformation, Convert.FromHexString(option82)));

        Assert.Equal(Server, _network.Server);
    }

    private static byte[] Taking(Ipv4 server, (DhcpOptionCode, byte[]) information) =>
        Request(1, DhcpMessageType.Request, information, Option(54, server), Option(50, Ipv4.Of(10, 2, 0, 50)));
}
