using Mayu.Core.Boot;

namespace Mayu.Core.Tests.Boot;

public class BootTraceTests
{
    private readonly BootTrace _trace = new(TimeProvider.System, maxMachines: 3);

    [Fact]
    public void What_a_mac_did_belongs_to_the_serial_once_they_are_linked()
    {
        _trace.Mark(Sample.Mac(1), HopKind.Discover, "x");
        _trace.Link(Sample.Mac(1), Sample.Serial("a"));
        _trace.Mark(Sample.Serial("a"), HopKind.Script, "y");
        _trace.Mark(Sample.Mac(1), HopKind.Request, "z");

        var trace = _trace.Find(Sample.Serial("a"))!;
        Assert.Equal([HopKind.Discover, HopKind.Script, HopKind.Request], trace.Hops.Select(hop => hop.Kind));
        Assert.Equal([Sample.Mac(1)], trace.Macs);
        Assert.Equal(Sample.Serial("a"), _trace.SerialOf(Sample.Mac(1)));
        Assert.Single(_trace.All());
    }

    [Fact]
    public void A_download_is_one_mark_that_grows()
    {
        for (var i = 0; i <= 10; i++)
        {
            _trace.Mark(Sample.Serial("a"), HopKind.Kernel, "vmlinuz", i, 10);
        }

        var hop = Assert.Single(_trace.Find(Sample.Serial("a"))!.Hops);
        Assert.Equal((10, 10), (hop.Bytes, hop.Total));
    }

    [Fact]
    public void Marks_and_machines_are_bounded_and_the_silent_are_forgotten_first()
    {
        for (var i = 0; i < 200; i++)
        {
            _trace.Mark(Sample.Serial("a"), HopKind.Discover, $"{i}");
        }

        for (var i = 1; i <= 5; i++)
        {
            _trace.Mark(Sample.Mac(i), HopKind.Discover, "x");
            _trace.Mark(Sample.Serial("a"), HopKind.Discover, "still here");
        }

        Assert.Equal(3, _trace.All().Length);
        Assert.Equal(BootTrace.MaxHops, _trace.Find(Sample.Serial("a"))!.Hops.Length);
    }

    [Fact]
    public void A_problem_stays_until_the_machine_gets_past_it()
    {
        _trace.Fail(Sample.Serial("a"), "disk", "too small\u001b[31m");
        Assert.Equal("too small [31m", _trace.Find(Sample.Serial("a"))!.Problem!.Reason);
        _trace.Mark(Sample.Serial("a"), HopKind.Config, "config again");
        Assert.NotNull(_trace.Find(Sample.Serial("a"))!.Problem);
        _trace.Mark(Sample.Serial("a"), HopKind.Installed, "done");
        Assert.Null(_trace.Find(Sample.Serial("a"))!.Problem);
    }

    [Fact]
    public void A_full_pool_is_no_longer_a_problem_when_the_config_went_out()
    {
        _trace.Fail(Sample.Serial("a"), "facts", "pool full");
        _trace.Mark(Sample.Serial("a"), HopKind.Config, "config");
        Assert.Null(_trace.Find(Sample.Serial("a"))!.Problem);
    }
}
