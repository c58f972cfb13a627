using System.Net;
using Mayu.Primitives;
using Mayu.Protocols.Net;

namespace Mayu.Protocols.Tests.Net;

public sealed class RouterDiscoveryTests
{
    private static readonly IPAddress LinkLocal = Address("fe80000000000000505400fffe123456");

    [Fact]
    public void A_solicitation_names_its_sender_in_its_option()
    {
        byte[] message = [133, 0, 0, 0, 0, 0, 0, 0, 14, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0x02, 0, 0, 0, 0, 7];

        Assert.True(RouterDiscovery.TryReadSolicitation(message, LinkLocal, out var mac));
        Assert.Equal(MacAddress.FromOctets([2, 0, 0, 0, 0, 7]), mac);
    }

    [Fact]
    public void Without_the_option_the_sender_is_in_its_address()
    {
        Assert.True(RouterDiscovery.TryReadSolicitation(RouterDiscovery.Solicitation.Span, LinkLocal, out var mac));
        Assert.Equal(MacAddress.FromOctets([0x52, 0x54, 0, 0x12, 0x34, 0x56]), mac);
    }

    [Theory]
    [InlineData("20010db800000000505400fffe123456", "8500000000000000")]
    [InlineData("fe800000000000000000000000000001", "8500000000000000")]
    [InlineData("fe80000000000000505400fffe123456", "85000000000000")]
    [InlineData("fe80000000000000505400fffe123456", "8501000000000000")]
    [InlineData("fe80000000000000505400fffe123456", "8600000000000000")]
    [InlineData("0a000001", "8500000000000000")]
    public void What_comes_from_beyond_the_link_names_no_mac_or_is_another_message_is_none(string source, string message) =>
        Assert.False(RouterDiscovery.TryReadSolicitation(Convert.FromHexString(message), Address(source), out _));

    [Theory]
    [InlineData("8500000000000000" + "0100")]
    [InlineData("8500000000000000" + "0101020000")]
    [InlineData("8500000000000000" + "01ff020000000007")]
    public void Options_that_do_not_fit_their_message_are_passed_over(string message)
    {
        Assert.True(RouterDiscovery.TryReadSolicitation(Convert.FromHexString(message), LinkLocal, out var mac));
        Assert.Equal(MacAddress.FromOctets([0x52, 0x54, 0, 0x12, 0x34, 0x56]), mac);
    }

    [Fact]
    public void An_advertisement_says_for_how_long_its_sender_is_a_router()
    {
        Assert.Equal(TimeSpan.FromSeconds(1800), RouterDiscovery.RouterLifetime(Convert.FromHexString("86000000400007080000000000000000"), LinkLocal));
        Assert.Equal(TimeSpan.Zero, RouterDiscovery.RouterLifetime(RouterDiscovery.NoRouter.Span, LinkLocal));
        Assert.Null(RouterDiscovery.RouterLifetime(RouterDiscovery.Solicitation.Span, LinkLocal));
        Assert.Null(RouterDiscovery.RouterLifetime(RouterDiscovery.NoRouter.Span[..15], LinkLocal));
        Assert.Null(RouterDiscovery.RouterLifetime(RouterDiscovery.NoRouter.Span, Address("20010db8000000000000000000000001")));
    }

    private static IPAddress Address(string octets) => new(Convert.FromHexString(octets));
}
