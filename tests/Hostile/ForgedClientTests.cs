using System.Collections.Frozen;
using Mayu.Core.Addresses;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Hostile.Tests;

/// <summary>DHCP in the name of others, and from where one is not: the link is 10.0.0.0/24, and 10.2.0.0/16 is behind the relay 10.2.0.1.</summary>
public sealed class ForgedClientTests
{
    private const int Pool = 20;

    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    private static readonly Ipv4 Relay = Ipv4.Of(10, 2, 0, 1);

    private readonly ServedNetwork _network = new(SubnetOf("10.0.0.0/24"), SubnetOf("10.2.0.0/16", Relay));

    public static TheoryData<byte> Asking => [(byte)DhcpMessageType.Discover, (byte)DhcpMessageType.Request, (byte)DhcpMessageType.None];

    [Theory]
    [MemberData(nameof(Asking))]
    public void Who_is_on_the_link_takes_nothing_of_a_subnet_behind_a_relay_by_an_address_that_he_says_he_has(byte type)
    {
        for (var i = 0; i < AttackCount.Of(1000, 100_000); i++)
        {
            // Every address of the pool, each from a MAC that was made up.
            var packet = Request(1, (DhcpMessageType)type, ciaddr: Ipv4.Of(10, 2, 0, (byte)(50 + (i % Pool))));
            (packet[30], packet[31], packet[32], packet[33]) = (0x99, (byte)(i >> 16), (byte)(i >> 8), (byte)i);
            _network.Send(packet);
            _network.Clock.Pass(TimeSpan.FromMilliseconds(1));
        }

        for (byte client = 1; client <= Pool; client++)
        {
            Assert.StartsWith("10.2.", _network.Bind(client, Relay).ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Who_has_a_lease_behind_a_relay_renews_it_by_himself()
    {
        var address = _network.Bind(1, Relay);
        Assert.True(_network.Send(Request(1, DhcpMessageType.Request, ciaddr: address)));
        Assert.Equal((DhcpMessageType.Ack, address), (_network.Answer.MessageType, _network.Reply.Address));
        // Whose it is not hears nothing: as if this server knew nothing of it.
        Assert.False(_network.Send(Request(2, DhcpMessageType.Request, ciaddr: address)));
    }

    [Fact]
    public void A_RELEASE_in_the_name_of_a_machine_leaves_it_its_address()
    {
        _network.Cluster.Known.Add(ServedNetwork.MacOf(1));
        var address = _network.Bind(1);
        for (byte thief = 2; thief < 2 + Pool; thief++)
        {
            Assert.False(_network.Send(Request(1, DhcpMessageType.Release, ciaddr: address, Option(54, Server))));
            _network.Send(Request(thief, DhcpMessageType.Request, Option(50, address)));
            if (_network.Send(Discover(thief, Option(50, address))))
            {
                Assert.NotEqual(address, _network.Answer.YourAddress);
                _network.Send(Request(thief, DhcpMessageType.Request, Option(54, Server), Option(50, _network.Answer.YourAddress)));
            }
        }

        Assert.True(_network.Send(Request(1, DhcpMessageType.Request, ciaddr: address)));
        Assert.Equal((DhcpMessageType.Ack, address), (_network.Answer.MessageType, _network.Answer.YourAddress));
    }

    [Fact]
    public void Strangers_that_booted_give_their_addresses_back()
    {
        for (byte client = 1; client <= 2 * Pool; client++)
        {
            _network.Cluster.Booted.Add(ServedNetwork.MacOf(client));
            var address = _network.Bind(client);
            Assert.False(_network.Send(Request(client, DhcpMessageType.Release, ciaddr: address, Option(54, Server))));
        }
    }

    [Fact]
    public void An_address_that_somebody_else_had_is_offered_and_probed_and_not_bound_unasked()
    {
        var address = _network.Bind(1);
        // As after a restart with a clock that is ahead: to the server its lease has ended, and the machine uses it.
        _network.Clock.Pass(TimeSpan.FromHours(2));

        Assert.True(_network.Send(Request(2, DhcpMessageType.Request, Option(50, address))));
        Assert.Equal(DhcpMessageType.Nak, _network.Answer.MessageType);
        Assert.True(_network.Send(Request(1, DhcpMessageType.Request, ciaddr: address)));
        Assert.Equal(DhcpMessageType.Ack, _network.Answer.MessageType);
    }

    [Theory]
    [InlineData(10, 0, 0, 1)]
    [InlineData(10, 0, 0, 0)]
    [InlineData(10, 0, 0, 255)]
    [InlineData(10, 2, 255, 255)]
    [InlineData(127, 0, 0, 1)]
    [InlineData(224, 0, 0, 1)]
    [InlineData(255, 255, 255, 255)]
    [InlineData(0, 0, 0, 1)]
    [InlineData(8, 8, 8, 8)]
    public void A_relay_that_nobody_configured_is_not_answered_whatever_it_calls_itself(byte a, byte b, byte c, byte d)
    {
        var relay = Ipv4.Of(a, b, c, d);
        Assert.False(_network.Send(Discover(1), relay));
        Assert.False(_network.Send(Discover(1, (DhcpOptionCode.RelayAgentInformation, [5, 4, 10, 2, 0, 1, 11, 4, 10, 0, 0, 1])), relay));
        Assert.False(_network.Send(Request(1, DhcpMessageType.None), relay));
        Assert.False(_network.Send(Request(1, DhcpMessageType.Inform, ciaddr: Ipv4.Of(10, 2, 0, 50)), relay));
    }

    [Fact]
    public void A_relay_whose_clients_are_made_up_takes_one_subnet_s_share_and_none_of_a_machine()
    {
        _network.Cluster.Known.Add(ServedNetwork.MacOf(1));
        _network.Cluster.Known.Add(ServedNetwork.MacOf(2));
        for (var i = 0; i < AttackCount.Of(5000, 200_000); i++)
        {
            var packet = Discover(1);
            (packet[3], packet[31], packet[32], packet[33]) = (255, (byte)(i >> 16), (byte)(i >> 8), (byte)i);
            packet[30] = 0x99;
            _network.Send(packet, Relay);
        }

        Assert.StartsWith("10.2.", _network.Bind(1, Relay).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("10.0.", _network.Bind(2).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("10.0.", _network.Bind(3).ToString(), StringComparison.Ordinal);
    }

    private static DhcpSubnet SubnetOf(string text, params Ipv4[] relays)
    {
        var subnet = Ipv4Subnet.TryParse(text, out var parsed) ? parsed! : throw new ArgumentException(text, nameof(text));
        return new DhcpSubnet
        {
            Interface = "eth0",
            BootUrl = "http://10.0.0.1:4081",
            Network = new NetworkPlan
            {
                Subnet = subnet,
                ServerAddress = Server,
                BootstrapRange = new Ipv4Range(new Ipv4(subnet.Network.Value + 50), new Ipv4(subnet.Network.Value + 50 + Pool - 1)),
                LeaseTime = TimeSpan.FromHours(1),
            },
            Dhcp = new DhcpSettings { Authoritative = true },
            Relays = relays.Select(relay => relay).ToFrozenSet(),
        };
    }
}
