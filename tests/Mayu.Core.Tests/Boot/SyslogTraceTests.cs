using Mayu.Core.Boot;

namespace Mayu.Core.Tests.Boot;

/// <summary>Lines of syslog in the boot trace: beside the steps of the boot, never in their place.</summary>
public sealed class SyslogTraceTests
{
    private readonly SteppedClock _clock = new();
    private readonly BootTrace _trace;

    public SyslogTraceTests() => _trace = new BootTrace(_clock);

    [Fact]
    public void Lines_are_among_the_hops_by_their_time()
    {
        _trace.Mark(Sample.Serial("a"), HopKind.Kernel, "vmlinuz");
        _clock.Pass(TimeSpan.FromSeconds(1));
        _trace.Log(Sample.Serial("a"), "info kernel: hello");
        _clock.Pass(TimeSpan.FromSeconds(1));
        _trace.Mark(Sample.Serial("a"), HopKind.Facts, "profile core");

        Assert.Equal(["vmlinuz", "info kernel: hello", "profile core"], _trace.Find(Sample.Serial("a"))!.Hops.Select(hop => hop.Detail));
        Assert.Equal("syslog", _trace.Find(Sample.Serial("a"))!.Hops[1].Name);
    }

    [Fact]
    public void However_many_there_are_no_hop_is_pushed_out_and_the_machine_is_where_it_was()
    {
        _trace.Mark(Sample.Serial("a"), HopKind.Kernel, "vmlinuz");
        for (var i = 0; i < 10_000; i++)
        {
            _trace.Log(Sample.Serial("a"), $"{i} {new string('x', 1000)}");
        }

        var hops = _trace.Find(Sample.Serial("a"))!.Hops;
        Assert.Equal("vmlinuz", hops[0].Detail);
        Assert.InRange(hops.Length, 2, 1 + BootTrace.MaxHops);
        Assert.All(hops, hop => Assert.InRange(hop.Detail.Length, 1, HopDetail.MaxText));
        Assert.StartsWith("9999 ", hops[^1].Detail, StringComparison.Ordinal);
        Assert.Equal(HopKind.Kernel, _trace.Head(Sample.Serial("a"))!.Last.Kind);
        Assert.Equal(1, _trace.Events.Newest);
    }

    [Fact]
    public void A_line_that_repeats_is_counted()
    {
        for (var i = 0; i < 5; i++)
        {
            _trace.Log(Sample.Serial("a"), "warning: link down");
        }

        Assert.Equal(5, Assert.Single(_trace.Find(Sample.Serial("a"))!.Hops).Count);
    }

    [Fact]
    public void What_a_stranger_sent_is_the_machines_once_its_serial_is_known_and_it_alone_makes_nobody_seen()
    {
        _trace.Log(Sample.Mac(1), "info: I boot");
        Assert.Empty(_trace.Strangers());

        _trace.Link(Sample.Mac(1), Sample.Serial("a"));

        Assert.Equal("info: I boot", Assert.Single(_trace.Find(Sample.Serial("a"))!.Hops).Detail);
    }

    private sealed class SteppedClock : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Pass(TimeSpan time) => _now += time;
    }
}
