using System.Collections.Frozen;
using Mayu.Netboot.Dhcp;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>
/// Which subnet a client is in: what its relay says (RFC 3527), else option 118 (RFC 3011), else the relay's address. The link is 10.0.0.0/24, and
/// 10.2.0.0/16, 10.3.0.0/16, 10.4.0.0/16 and 10.5.0.0/16 are behind relays, of which 10.9.0.1 speaks for the last two and is in neither.
/// </summary>
public class LinkSelectionTests
{
    private static readonly Ipv4 Server = Ipv4.Of(10, 0, 0, 1);
    private static readonly Ipv4 Relay = Ipv4.Of(10, 2, 0, 1);
    private static readonly Ipv4 Shared = Ipv4.Of(10, 9, 0, 1);
    private static readonly Ipv4 SharedInside = Ipv4.Of(10, 4, 0, 1);

    private readonly ServedNetwork _network = new(
        Link, Behind(2, Relay), Behind(3, Ipv4.Of(10, 3, 0, 1)), Behind(4, Shared, SharedInside), Behind(5, Shared, SharedInside));

    private static DhcpSubnet Link => DhcpResponderTests.SettingsOf(Server, Ipv4.Of(10, 0, 0, 50), Ipv4.Of(10, 0, 0, 50));

    [Theory]
    [InlineData("0504" + "0A030001", "10.3.0.50")]
    // Any address of the subnet does, and other sub-options may stand before and behind.
    [InlineData("0103657468" + "0504" + "0A03FFFE" + "020107", "10.3.0.50")]
    [InlineData("0504" + "0A020000", "10.2.0.50")]
    [InlineData("0504" + "0A000000", "10.0.0.50")]
    // Of two the first counts.
    [InlineData("0504" + "0A030001" + "0504" + "0A040001", "10.3.0.50")]
    public void Link_selection_chooses_the_subnet_and_the_relays_address_only_says_where_the_answer_goes(string option82, string address)
    {
        var information = (DhcpOptionCode.RelayAgentInformation, Convert.FromHexString(option82));

        Assert.Equal(address, _network.Bind(1, Relay, information).ToString());
        Assert.Equal((Relay, (ushort)67), (_network.Reply.Address, _network.Reply.Port));
        Assert.Equal(Relay, _network.Answer.RelayAddress);
        Assert.Equal(option82, _network.Hex(82));
        Assert.Equal(address.StartsWith("10.0.", StringComparison.Ordinal) ? "FFFFFF00" : "FFFF0000", _network.Hex(1));
        Assert.Equal(Server, _network.Server);
    }

    [Fact]
    public void A_renewal_by_the_relay_stays_in_the_subnet_that_link_selection_chose()
    {
        var link = LinkSelection(10, 3, 0, 1);
        var address = _network.Bind(1, Relay, link);

        Assert.True(_network.Send(Request(1, DhcpMessageType.Request, ciaddr: address, link), Relay));
        Assert.Equal((DhcpMessageType.Ack, address), (_network.Answer.MessageType, _network.Answer.YourAddress));
        Assert.Equal((Relay, (ushort)67), (_network.Reply.Address, _network.Reply.Port));
    }

    [Fact]
    public void Option_118_chooses_the_subnet_by_way_of_a_relay_and_comes_back()
    {
        Assert.Equal("10.3.0.50", _network.Bind(1, Relay, Option(118, Ipv4.Of(10, 3, 0, 0))).ToString());
        Assert.Equal((Relay, (ushort)67), (_network.Reply.Address, _network.Reply.Port));
        Assert.Equal("0A030000", _network.Hex(118));
    }

    [Fact]
    public void What_the_relay_says_counts_before_what_the_client_says()
    {
        Assert.Equal("10.2.0.50", _network.Bind(1, Relay, Option(118, Ipv4.Of(10, 3, 0, 0)), LinkSelection(10, 2, 0, 1)).ToString());
        Assert.Equal("0A030000", _network.Hex(118));
    }

    [Fact]
    public void A_link_that_no_subnet_has_is_not_answered_and_the_trace_says_why()
    {
        Assert.False(_network.Send(Discover(1, LinkSelection(192, 168, 7, 1)), Relay));
        Assert.Equal(
            "silent: its relay 10.2.0.1 selects the subnet of 192.168.7.1 (option 82, link selection), which is not a subnet of this interface",
            _network.LastMark(1));
        Assert.False(_network.Send(Discover(2, Option(118, Ipv4.Of(192, 168, 7, 0))), Relay));
        Assert.Equal("silent: it requests the subnet of 192.168.7.0 (option 118), which is not a subnet of this interface", _network.LastMark(2));
        Assert.False(_network.Send(Request(3, DhcpMessageType.None, LinkSelection(0, 0, 0, 0)), Relay));
    }

    // The relay's own address may be of another network: to guess by it would be to give an address that does not work.
    [Theory]
    [InlineData("0500")]
    [InlineData("05030A0300")]
    [InlineData("05050A03000100")]
    [InlineData("05080A0300010A040001")]
    [InlineData("05010A" + "05040A030001")]
    public void A_link_selection_that_is_no_address_is_not_answered_and_the_trace_says_why(string option82)
    {
        Assert.False(_network.Send(Discover(1, (DhcpOptionCode.RelayAgentInformation, Convert.FromHexString(option82))), Relay));
        Assert.Equal("silent: its relay 10.2.0.1 sends a link selection (option 82) that is not an address", _network.LastMark(1));
    }

    // What is cut off is not there.
    [Theory]
    [InlineData("")]
    [InlineData("05")]
    [InlineData("05040A0300")]
    [InlineData("01FF05040A030001")]
    [InlineData("0004" + "0A030001")]
    public void Without_a_link_selection_the_relays_own_subnet_counts(string option82) =>
        Assert.Equal("10.2.0.50", _network.Bind(1, Relay, (DhcpOptionCode.RelayAgentInformation, Convert.FromHexString(option82))).ToString());

    [Fact]
    public void An_option_118_that_is_no_address_is_as_none_and_does_not_come_back()
    {
        Assert.Equal("10.2.0.50", _network.Bind(1, Relay, ((DhcpOptionCode)118, [10, 3, 0])).ToString());
        Assert.Equal("10.0.0.50", _network.Bind(1, default, ((DhcpOptionCode)118, [10, 3, 0, 1, 0])).ToString());
        Assert.Equal("", _network.Hex(118));
    }

    [Fact]
    public void A_relay_that_nobody_configured_chooses_nothing()
    {
        Assert.False(_network.Send(Discover(1, LinkSelection(10, 3, 0, 1)), Ipv4.Of(10, 3, 0, 7)));
        Assert.False(_network.Send(Discover(1, Option(118, Ipv4.Of(10, 3, 0, 0))), Ipv4.Of(10, 3, 0, 7)));
        Assert.Null(_network.Trace.Find(ServedNetwork.MacOf(1)));
    }

    // Its own packet may be forged by anybody on the link, and each pool would be his.
    [Fact]
    public void A_client_on_the_link_takes_itself_into_no_other_subnet()
    {
        Assert.False(_network.Send(Discover(1, Option(118, Ipv4.Of(10, 3, 0, 0)))));
        Assert.Equal(
            "silent: it requests the subnet of 10.3.0.0 (option 118) but is not in it: without a relay a client cannot choose another subnet",
            _network.LastMark(1));
        Assert.False(_network.Send(Request(1, DhcpMessageType.Request, ciaddr: Ipv4.Of(10, 2, 0, 50), Option(118, Ipv4.Of(10, 3, 0, 0)))));
        Assert.False(_network.Send(Discover(1, Option(118, Ipv4.Of(192, 168, 7, 0)))));
        // It may say where it is.
        Assert.Equal("10.0.0.50", _network.Bind(1, default, Option(118, Ipv4.Of(10, 0, 0, 0))).ToString());
        Assert.Equal("0A000000", _network.Hex(118));
    }

    // A switch that snoops DHCP adds option 82 without being a relay.
    [Fact]
    public void Link_selection_without_a_relay_is_not_looked_at()
    {
        Assert.Equal("10.0.0.50", _network.Bind(1, default, LinkSelection(10, 3, 0, 1)).ToString());
        Assert.Equal("05040A030001", _network.Hex(82));
    }

    [Fact]
    public void A_relay_of_several_subnets_has_to_say_which_it_means()
    {
        Assert.Equal("10.4.0.50", _network.Bind(1, Shared, LinkSelection(10, 4, 0, 1)).ToString());
        Assert.Equal("10.5.0.50", _network.Bind(1, Shared, LinkSelection(10, 5, 0, 1)).ToString());
        Assert.False(_network.Send(Discover(2), Shared));
        Assert.Equal(
            "silent: its relay 10.9.0.1 serves several subnets and does not select one (option 82, link selection)", _network.LastMark(2));
    }

    [Fact]
    public void A_relay_of_several_subnets_that_is_in_one_of_them_means_that_if_it_says_nothing()
    {
        Assert.Equal("10.4.0.50", _network.Bind(1, SharedInside).ToString());
        Assert.Equal("10.5.0.50", _network.Bind(2, SharedInside, LinkSelection(10, 5, 0, 1)).ToString());
    }

    private static (DhcpOptionCode, byte[]) LinkSelection(byte a, byte b, byte c, byte d) => (DhcpOptionCode.RelayAgentInformation, [5, 4, a, b, c, d]);

    private static DhcpSubnet Behind(byte net, params Ipv4[] relays) => Link with
    {
        Network = Link.Network with
        {
            Subnet = Ipv4Subnet.TryParse($"10.{net}.0.0/16", out var subnet) ? subnet! : throw new InvalidOperationException(),
            BootstrapRange = new Ipv4Range(new Ipv4(Ipv4.Of(10, net, 0, 50).Value), new Ipv4(Ipv4.Of(10, net, 0, 50).Value)),
        },
        Relays = relays.Select(relay => relay).ToFrozenSet(),
    };
}
