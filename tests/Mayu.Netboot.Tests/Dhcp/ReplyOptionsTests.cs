using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using static Mayu.Netboot.Tests.Dhcp.ClientPackets;

namespace Mayu.Netboot.Tests.Dhcp;

/// <summary>Option 61 comes back (RFC 6842).</summary>
public class ReplyOptionsTests
{
    private static readonly Ipv4 First = Ipv4.Of(10, 0, 0, 50);
    private static readonly (DhcpOptionCode, byte[]) Identifier = (DhcpOptionCode.ClientIdentifier, [0xff, 1, 2, 3, 4, 0, 1]);

    private readonly ServedNetwork _network = new(Settings());

    [Fact]
    public void A_clients_identifier_comes_back_in_every_answer()
    {
        Assert.True(_network.Send(Discover(1, Identifier)));
        AssertEchoed(DhcpMessageType.Offer);
        Assert.True(_network.Send(Request(1, DhcpMessageType.Request, Identifier, Option(54, _network.Server), Option(50, _network.Answer.YourAddress))));
        AssertEchoed(DhcpMessageType.Ack);
        Assert.True(_network.Send(Request(1, DhcpMessageType.Request, First, Identifier)));
        AssertEchoed(DhcpMessageType.Ack);
        Assert.True(_network.Send(Request(1, DhcpMessageType.Inform, First, Identifier)));
        AssertEchoed(DhcpMessageType.Ack);
        Assert.True(_network.Send(Request(2, DhcpMessageType.Request, Identifier, Option(54, _network.Server), Option(50, First))));
        AssertEchoed(DhcpMessageType.Nak);
    }

    [Fact]
    public void A_client_that_sent_none_gets_none()
    {
        _network.Bind(1, options: Ipxe);
        Assert.Equal("", _network.Hex(61));
    }

    [Fact]
    public void The_longest_identifier_leaves_the_lease_in_the_answer()
    {
        var longest = Enumerable.Repeat((byte)7, 255).ToArray();
        Assert.True(_network.Send(Discover(1, (DhcpOptionCode.ClientIdentifier, longest))));

        Assert.Equal(Convert.ToHexString(longest), _network.Hex(61));
        Assert.Equal((DhcpMessageType.Offer, 600u, "FFFFFF00"), (_network.Answer.MessageType, _network.LeaseSeconds, _network.Hex(1)));
        Assert.True(_network.Reply.Length <= 548);
    }

    [Fact]
    public void A_quirk_keeps_it_from_firmware_that_cannot_stand_it()
    {
        var network = new ServedNetwork(Settings() with { Pxe = new PxeSettings { Quirks = [new PxeQuirk { Oui = 0x020000, OmittedOptions = [DhcpOptionCode.ClientIdentifier] }] } });

        Assert.True(network.Send(Discover(1, [.. Pxe(7), Identifier])));
        Assert.Equal("", network.Hex(61));
        Assert.True(network.Send(Discover(1, Identifier)));
        Assert.Equal("FF010203040001", network.Hex(61));
    }

    [Fact]
    public void A_bootp_client_gets_no_option_of_dhcps()
    {
        Assert.True(_network.Send(Request(1, DhcpMessageType.None, Identifier)));
        Assert.Equal("", _network.Hex(61));
    }

    private void AssertEchoed(DhcpMessageType type) => Assert.Equal((type, "FF010203040001"), (_network.Answer.MessageType, _network.Hex(61)));

    private static DhcpSubnet Settings() => DhcpResponderTests.SettingsOf(Ipv4.Of(10, 0, 0, 1), First, First);
}
