using Mayu.Core.Boot;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Boot;

public class BootTraceTests
{
    private readonly BootTrace _trace = new(TimeProvider.System, serial => serial.Text.StartsWith("known", StringComparison.Ordinal), maxMachines: 3, maxStrangers: 2);

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
        Assert.Equal(3, _trace.Find(Sample.Mac(1))!.Hops.Length);
        Assert.Equal("z", _trace.Head(Sample.Serial("a"))!.Last.Detail);
        Assert.Single(_trace.Strangers());
    }

    [Fact]
    public void A_mark_says_from_which_mac_it_was_left()
    {
        _trace.Link(Sample.Mac(1), Sample.Serial("a"));
        _trace.Mark(Sample.Mac(1), HopKind.Discover, "x");
        _trace.Mark(Sample.Serial("a"), HopKind.Script, "y", mac: Sample.Mac(1));
        _trace.Mark(Sample.Serial("a"), HopKind.Script, "y", mac: Sample.Mac(2));
        // Who is not known may be the same.
        _trace.Mark(Sample.Serial("a"), HopKind.Script, "y");
        _trace.Fail(Sample.Serial("a"), "facts", "z", Sample.Mac(2));
        _trace.Mark(Sample.Serial("a"), HopKind.Kernel, "k");

        Assert.Equal(
            [(HopKind.Discover, Sample.Mac(1), 1), (HopKind.Script, Sample.Mac(1), 1), (HopKind.Script, Sample.Mac(2), 2), (HopKind.Failed, Sample.Mac(2), 1), (HopKind.Kernel, (MacAddress?)null, 1)],
            _trace.Find(Sample.Serial("a"))!.Hops.Select(hop => (hop.Kind, hop.Mac, hop.Count)));
    }

    [Fact]
    public void Downloads_of_two_machines_are_two_marks()
    {
        _trace.Mark(Sample.Serial("a"), HopKind.Kernel, "k", 10, 100, mac: Sample.Mac(1));
        _trace.Mark(Sample.Serial("a"), HopKind.Kernel, "k", 20, 100, mac: Sample.Mac(1));
        _trace.Mark(Sample.Serial("a"), HopKind.Kernel, "k", 30, 100, mac: Sample.Mac(2));

        Assert.Equal([(20L, Sample.Mac(1)), (30L, Sample.Mac(2))], _trace.Find(Sample.Serial("a"))!.Hops.Select(hop => (hop.Bytes!.Value, hop.Mac!.Value)));
    }

    [Fact]
    public void A_mac_that_moves_to_another_machine_takes_no_other_mac_with_it()
    {
        _trace.Link(Sample.Mac(1), Sample.Serial("known-a"));
        _trace.Link(Sample.Mac(2), Sample.Serial("known-a"));
        _trace.Link(Sample.Mac(2), Sample.Serial("known-b"));

        Assert.Equal(Sample.Serial("known-a"), _trace.SerialOf(Sample.Mac(1)));
        Assert.Equal(Sample.Serial("known-b"), _trace.SerialOf(Sample.Mac(2)));
        Assert.Equal([Sample.Mac(1)], _trace.Find(Sample.Serial("known-a"))!.Macs);
    }

    [Fact]
    public void What_a_machine_did_with_a_card_stays_its_own_when_the_card_moves()
    {
        _trace.Link(Sample.Mac(1), Sample.Serial("known-a"));
        _trace.Mark(Sample.Mac(1), HopKind.Discover, "in a");
        _trace.Link(Sample.Mac(1), Sample.Serial("known-b"));
        _trace.Mark(Sample.Mac(1), HopKind.Discover, "in b");

        Assert.Equal(["in a"], _trace.Find(Sample.Serial("known-a"))!.Hops.Select(hop => hop.Detail));
        Assert.Equal(["in b"], _trace.Find(Sample.Serial("known-b"))!.Hops.Select(hop => hop.Detail));
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
        Assert.NotNull(hop.Took);
    }

    [Fact]
    public void How_long_a_download_took_counts_from_its_first_mark_unless_it_is_told()
    {
        var clock = new SteppedClock();
        var trace = new BootTrace(clock);
        trace.Mark(Sample.Serial("a"), HopKind.Kernel, "vmlinuz", 0, 10);
        clock.Pass(TimeSpan.FromSeconds(2));
        trace.Mark(Sample.Serial("a"), HopKind.Kernel, "vmlinuz", 5, 10);
        clock.Pass(TimeSpan.FromSeconds(3));
        trace.Mark(Sample.Serial("a"), HopKind.Kernel, "vmlinuz", 10, 10);
        trace.Mark(Sample.Serial("a"), HopKind.Script, "at once", took: TimeSpan.Zero);

        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.Zero], trace.Find(Sample.Serial("a"))!.Hops.Select(hop => hop.Took));
    }

    [Fact]
    public void A_download_that_begins_again_is_another_mark()
    {
        _trace.Mark(Sample.Serial("a"), HopKind.Kernel, "vmlinuz", 7, 10);
        _trace.Mark(Sample.Serial("a"), HopKind.Kernel, "vmlinuz", 0, 10);
        Assert.Equal([7, 0], _trace.Find(Sample.Serial("a"))!.Hops.Select(hop => hop.Bytes ?? -1));
    }

    [Fact]
    public void A_mark_is_put_into_words_when_it_is_read_and_allocates_nothing_when_it_is_left()
    {
        var worded = 0;
        HopPhrase phrase = (in HopDetail detail) =>
        {
            worded++;
            return $"{detail.Address} gets {detail.Text} from {detail.Other}";
        };
        var detail = new HopDetail(phrase) { Address = Sample.Address("10.0.0.7"), Text = "ipxe.efi", Other = Sample.Address("10.0.0.1") };
        MarkOften(detail);
        var before = GC.GetAllocatedBytesForCurrentThread();
        MarkOften(detail);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        Assert.Equal(0, worded);
        Assert.Equal("10.0.0.7 gets ipxe.efi from 10.0.0.1", _trace.Find(Sample.Mac(1))!.Hops[^1].Detail);
    }

    [Fact]
    public void Marks_that_all_differ_allocate_nothing_once_the_ring_is_full()
    {
        var number = 0u;
        var detail = new HopDetail((in HopDetail it) => $"{it.Other}") { Text = "ipxe.efi" };
        MarkAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        MarkAll();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(BootTrace.MaxHops, _trace.Find(Sample.Mac(1))!.Hops.Length);

        void MarkAll()
        {
            for (var i = 0; i < BootTrace.MaxHops * 2; i++)
            {
                _trace.Mark(Sample.Mac(1), HopKind.Offer, detail with { Other = new Ipv4(number++) });
            }
        }
    }

    [Fact]
    public void The_marks_of_a_machine_are_bounded_in_number_and_in_text()
    {
        for (var i = 0; i < 200; i++)
        {
            _trace.Mark(Sample.Mac(1), HopKind.Discover, $"{i}");
            _trace.Mark(Sample.Mac(2), HopKind.Failed, $"{i}{new string('x', 10_000)}");
        }

        Assert.Equal(Enumerable.Range(200 - BootTrace.MaxHops, BootTrace.MaxHops).Select(i => $"{i}"), _trace.Find(Sample.Mac(1))!.Hops.Select(hop => hop.Detail));
        var texts = _trace.Find(Sample.Mac(2))!.Hops;
        Assert.StartsWith("199x", texts[^1].Detail, StringComparison.Ordinal);
        Assert.All(texts, hop => Assert.Equal(HopDetail.MaxText, hop.Detail.Length));
        Assert.InRange(texts.Sum(hop => hop.Detail.Length), 3000, 4096);
    }

    [Fact]
    public void Reasons_are_text_too()
    {
        var reason = new string('y', HopDetail.MaxText);
        for (var i = 0; i < 50; i++)
        {
            _trace.Mark(Sample.Mac(1), HopKind.Failed, new HopDetail((in HopDetail it) => $"{it.Text} {it.Reason}") { Text = $"{i}".PadLeft(HopDetail.MaxText), Reason = reason });
        }

        Assert.Equal(5, _trace.Find(Sample.Mac(1))!.Hops.Length);
    }

    [Fact]
    public void A_lease_says_its_address_and_what_is_to_be_loaded_as_far_as_there_is_any()
    {
        _trace.Mark(Sample.Mac(1), HopKind.Ack, HopDetail.Lease(Sample.Address("10.0.0.7"), null));
        _trace.Mark(Sample.Mac(1), HopKind.Ack, HopDetail.Lease(Sample.Address("10.0.0.7"), "ipxe.efi"));
        _trace.Mark(Sample.Mac(1), HopKind.Proxy, HopDetail.Lease(Sample.Address("0.0.0.0"), "ipxe.efi"));
        Assert.Equal(["10.0.0.7", "10.0.0.7, boot file ipxe.efi", "boot file ipxe.efi"], _trace.Find(Sample.Mac(1))!.Hops.Select(hop => hop.Detail));
    }

    [Fact]
    public void A_card_that_speaks_for_no_machine_any_more_leaves_marks_of_its_own()
    {
        _trace.Link(Sample.Mac(1), Sample.Serial("known-a"));
        _trace.Mark(Sample.Mac(1), HopKind.Discover, "as the machine");
        _trace.Attribute(Sample.Mac(1), null);
        _trace.Mark(Sample.Mac(1), HopKind.Discover, "as a stranger");

        Assert.Null(_trace.SerialOf(Sample.Mac(1)));
        Assert.Equal(["as the machine"], _trace.Find(Sample.Serial("known-a"))!.Hops.Select(hop => hop.Detail));
        Assert.Equal(["as a stranger"], _trace.Find(Sample.Mac(1))!.Hops.Select(hop => hop.Detail));
        Assert.Equal([Sample.Mac(1)], _trace.Strangers().SelectMany(head => head.Macs));
    }

    [Fact]
    public void The_macs_of_a_machine_are_bounded()
    {
        for (var i = 1; i <= 1000; i++)
        {
            _trace.Link(Sample.Mac(i), Sample.Serial("a"));
        }

        Assert.Equal(BootTrace.MaxMacs, _trace.Find(Sample.Serial("a"))!.Macs.Length);
        Assert.Null(_trace.SerialOf(Sample.Mac(1)));
    }

    [Fact]
    public void A_hundred_thousand_strangers_push_out_neither_a_machine_nor_one_that_told_its_serial()
    {
        var trace = new BootTrace(TimeProvider.System, serial => serial.Text.StartsWith("known", StringComparison.Ordinal));
        trace.Mark(Sample.Serial("new"), HopKind.Script, "x");
        for (var i = 0; i < 100; i++)
        {
            trace.Link(Sample.Mac(i), Sample.Serial($"known-{i}"));
            trace.Mark(Sample.Mac(i), HopKind.Ack, "x");
        }

        for (var i = 1000; i < 101_000; i++)
        {
            trace.Mark(Sample.Mac(i), HopKind.Discover, "y");
        }

        Assert.All(Enumerable.Range(0, 100), i => Assert.NotNull(trace.Find(Sample.Serial($"known-{i}"))));
        Assert.NotNull(trace.Find(Sample.Serial("new")));
        Assert.Equal(4096 + 1, trace.Strangers().Length);
        Assert.Null(trace.Find(Sample.Mac(1000)));
        Assert.NotNull(trace.Find(Sample.Mac(100_999)));
    }

    [Fact]
    public void Machines_are_bounded_and_the_silent_are_forgotten_first()
    {
        for (var i = 1; i <= 5; i++)
        {
            _trace.Mark(Sample.Serial($"known-{i}"), HopKind.Discover, "x");
            _trace.Mark(Sample.Serial("known-1"), HopKind.Discover, "still here");
        }

        Assert.NotNull(_trace.Find(Sample.Serial("known-1")));
        Assert.Equal([false, false, true, true], Enumerable.Range(2, 4).Select(i => _trace.Find(Sample.Serial($"known-{i}")) is not null));
    }

    [Fact]
    public void A_stranger_that_got_a_record_is_not_pushed_out_by_strangers()
    {
        var recorded = false;
        var trace = new BootTrace(TimeProvider.System, serial => recorded && serial.Text == "a", maxMachines: 1, maxStrangers: 2);
        trace.Mark(Sample.Serial("a"), HopKind.Facts, "x");
        recorded = true;
        for (var i = 0; i < 10; i++)
        {
            trace.Mark(Sample.Serial($"stranger-{i}"), HopKind.Script, "x");
        }

        Assert.NotNull(trace.Find(Sample.Serial("a")));
        Assert.Equal(["stranger-9", "stranger-8"], trace.Strangers().Select(head => head.Serial?.Text));
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

    private sealed class SteppedClock : TimeProvider
    {
        private DateTimeOffset _now = Sample.Now;

        public void Pass(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;
    }

    private void MarkOften(in HopDetail detail)
    {
        for (var i = 0; i < BootTrace.MaxHops * 2; i++)
        {
            _trace.Mark(Sample.Mac(1), HopKind.Discover, detail);
            _trace.Mark(Sample.Mac(1), HopKind.Offer, detail);
        }
    }
}
