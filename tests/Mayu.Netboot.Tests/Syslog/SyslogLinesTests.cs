using System.Text;
using Mayu.Core.Boot;
using Mayu.Netboot.Net;
using Mayu.Netboot.Syslog;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;

namespace Mayu.Netboot.Tests.Syslog;

/// <summary>Whose lines are kept, and how many.</summary>
public sealed class SyslogLinesTests
{
    private const int PerSecond = 5;

    private static readonly Ipv4 Leased = Ipv4.Of(10, 0, 0, 100);
    private static readonly Ipv4 Internal = Ipv4.Of(10, 0, 0, 10);

    private readonly StoppedClock _clock = new();
    private readonly BootTrace _trace;
    private readonly SyslogLines _lines;
    private readonly MacAddress _mac;
    private readonly Serial _serial;

    public SyslogLinesTests()
    {
        Assert.True(MacAddress.TryParse("52:54:00:00:00:01", out _mac));
        Assert.True(Serial.TryParse("vm-001", out _serial, out _));
        _trace = new BootTrace(_clock);
        var clients = new ClientTable(new FakeCluster(), _clock);
        clients.Lease(Leased, _mac, time: null);
        _lines = new SyslogLines(clients, address => address == Internal ? _serial : null, _trace, PerSecond, _clock);
    }

    [Fact]
    public void The_lease_says_whose_they_are_or_else_the_internal_address()
    {
        Send(Leased, "<11>disk: gone");
        Send(Internal, "<14>app: runs");
        Send(Ipv4.Of(10, 0, 0, 99), "<14>app: forged");
        Send(Leased, "<14>");

        Assert.Equal("err disk: gone", Assert.Single(_trace.Find(_mac)!.Hops).Detail);
        Assert.Equal("info app: runs", Assert.Single(_trace.Find(_serial)!.Hops).Detail);
        Assert.Equal((2, 1, 1, 0), (_lines.Counts.Kept, _lines.Counts.Unknown, _lines.Counts.Empty, _lines.Counts.Limited));
    }

    [Fact]
    public void One_that_says_too_much_is_limited_and_the_others_are_not()
    {
        for (var i = 0; i < 60; i++)
        {
            Send(Leased, $"<14>a: {i}");
        }

        Assert.Equal((50, 10), (_lines.Counts.Kept, _lines.Counts.Limited));
        Send(Internal, "<14>b: heard");
        Assert.Equal(51, _lines.Counts.Kept);
        _clock.Pass(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10; i++)
        {
            Send(Leased, $"<14>c: {i}");
        }

        Assert.Equal((51 + PerSecond, 15), (_lines.Counts.Kept, _lines.Counts.Limited));
    }

    [Fact]
    public void A_token_is_hidden()
    {
        Send(Leased, "<6>kernel: mayu.token=0123456789abcdef0123456789abcdef quiet");

        Assert.Equal("info kernel: mayu.token=*** quiet", Assert.Single(_trace.Find(_mac)!.Hops).Detail);
    }

    private void Send(Ipv4 sender, string text) => _lines.Take(sender, Encoding.ASCII.GetBytes(text));
}
