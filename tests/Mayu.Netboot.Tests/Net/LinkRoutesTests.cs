using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Net;

/// <summary>Which addresses are on an interface's own segment, by a table of routes as the kernel writes it.</summary>
public sealed class LinkRoutesTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly StoppedClock _clock = new();
    private readonly LinkRoutes _routes;

    public LinkRoutesTests()
    {
        // 0.0.0.0/0 via 192.168.1.1 on eth1; 192.168.1.0/24 on eth1; 10.0.0.0/8 on br0; 10.20.0.0/16 via 10.0.0.254 on br0.
        File.WriteAllText(_file, """
            Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
            eth1	00000000	0101A8C0	0003	0	0	0	00000000	0	0	0
            eth1	0001A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
            br0	0000000A	00000000	0001	0	0	0	000000FF	0	0	0
            br0	0000140A	FE00000A	0003	0	0	0	0000FFFF	0	0	0

            """);
        _routes = new LinkRoutes("br0", _clock, _file);
    }

    [Theory]
    [InlineData("10.0.0.7", true)]
    [InlineData("10.19.255.255", true)]
    [InlineData("10.20.0.7", false)]
    [InlineData("192.168.1.7", false)]
    [InlineData("8.8.8.8", false)]
    public void The_narrowest_route_says_whether_a_router_is_between(string address, bool isOnLink) =>
        Assert.Equal(isOnLink, Ipv4.TryParse(address, out var parsed) && _routes.IsOnLink(parsed));

    [Fact]
    public void A_route_that_comes_later_counts_within_half_a_minute()
    {
        var address = new Ipv4(0x0A150007);
        Assert.True(_routes.IsOnLink(address));
        File.AppendAllText(_file, "br0\t0000150A\tFE00000A\t0003\t0\t0\t0\t0000FFFF\t0\t0\t0\n");

        Assert.True(_routes.IsOnLink(address));
        _clock.Pass(TimeSpan.FromSeconds(30));
        Assert.False(_routes.IsOnLink(address));
    }

    public void Dispose() => File.Delete(_file);
}
