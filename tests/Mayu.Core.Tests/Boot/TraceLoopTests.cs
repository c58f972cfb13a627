using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Boot;

/// <summary>Machines that do the same over and over, and how that began.</summary>
public sealed class TraceLoopTests
{
    private static readonly Serial Serial = Sample.Serial("a");
    private static readonly HopPhrase Lease = (in HopDetail it) => $"{it.Address} {it.Text} {it.Reason} {it.Other}";
    private static readonly HopPhrase Other = (in HopDetail it) => $"{it.Address} {it.Text} {it.Reason} {it.Other}!";

    private readonly CountingClock _clock = new();
    private readonly BootTrace _trace;

    public TraceLoopTests() => _trace = new BootTrace(_clock);

    private IReadOnlyList<Hop> Hops => _trace.Find(Serial)!.Hops;

    [Fact]
    public void A_step_that_is_taken_again_and_again_is_one_mark_with_a_count_and_its_first_and_last_time()
    {
        _trace.Mark(Serial, HopKind.Script, "how it began");
        for (var i = 0; i < 10_000; i++)
        {
            _trace.Mark(Serial, HopKind.Discover, string.Concat("PXE ", "firmware"));
        }

        Assert.Equal(["how it began", "PXE firmware"], Hops.Select(hop => hop.Detail));
        Assert.Equal([(1, 0L, 0L), (10_000, 1, 10_000)], Hops.Select(Times));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(22)]
    [InlineData(28)]
    public void A_machine_that_loops_for_hours_keeps_how_it_came_to_that(int steps)
    {
        const int Rounds = 500;
        _trace.Mark(Serial, HopKind.Config, "its config");
        _trace.Mark(Serial, HopKind.Failed, "the disk is gone");
        for (var i = 0; i < steps * Rounds; i++)
        {
            _trace.Mark(Serial, HopKind.Offer, $"step {i % steps}");
        }

        // One step into the next round.
        _trace.Mark(Serial, HopKind.Offer, "step 0");

        Assert.Equal(
            ["its config", "the disk is gone", .. Enumerable.Range(0, steps).Select(i => $"step {i}"), "step 0"],
            Hops.Select(hop => hop.Detail));
        Assert.All(Hops.Skip(2).SkipLast(1), (hop, i) => Assert.Equal((Rounds, 2 + i, 2 + i + (steps * (Rounds - 1L))), Times(hop)));
        Assert.Equal(1, Hops[^1].Count);
    }

    [Fact]
    public void Retries_within_a_cycle_are_counted_in_it()
    {
        for (var round = 0; round < 100; round++)
        {
            for (var attempt = 0; attempt < 1 + (round % 4); attempt++)
            {
                _trace.Mark(Serial, HopKind.Discover, "PXE firmware");
            }

            _trace.Mark(Serial, HopKind.Silent, "no boot loader");
        }

        Assert.Equal([(HopKind.Discover, 250), (HopKind.Silent, 100)], Hops.Select(hop => (hop.Kind, hop.Count)));
    }

    [Fact]
    public void A_cycle_of_more_steps_than_are_looked_back_is_kept_as_the_newest_of_them()
    {
        for (var i = 0; i < 290; i++)
        {
            _trace.Mark(Serial, HopKind.Offer, $"step {i % 29}");
        }

        Assert.Equal(BootTrace.MaxHops, Hops.Count);
        Assert.Equal("step 28", Hops[^1].Detail);
        Assert.All(Hops, hop => Assert.Equal(1, hop.Count));
    }

    [Fact]
    public void What_differs_in_anything_is_not_the_same_again()
    {
        var detail = new HopDetail(Lease) { Text = "ipxe.efi", Reason = "why", Address = Sample.Address("10.0.0.1"), Other = Sample.Address("10.0.0.7") };
        (HopKind, HopDetail, long?, long?)[] marks =
        [
            (HopKind.Offer, detail, null, null),
            (HopKind.Ack, detail, null, null),
            (HopKind.Ack, detail with { Phrase = Other }, null, null),
            (HopKind.Ack, detail with { Text = "grub.efi" }, null, null),
            (HopKind.Ack, detail with { Text = null }, null, null),
            (HopKind.Ack, detail with { Reason = "who" }, null, null),
            (HopKind.Ack, detail with { Address = Sample.Address("10.0.0.2") }, null, null),
            (HopKind.Ack, detail with { Other = Sample.Address("10.0.0.8") }, null, null),
            (HopKind.Ack, detail with { Other = Sample.Address("10.0.0.8") }, 10, null),
            (HopKind.Ack, detail with { Other = Sample.Address("10.0.0.8") }, 5, null),
            (HopKind.Ack, detail with { Other = Sample.Address("10.0.0.8") }, 1, 20),
        ];
        foreach (var (kind, what, bytes, total) in marks)
        {
            _trace.Mark(Serial, kind, what, bytes, total);
        }

        // A mark without bytes grows into one with bytes, as it always did.
        Assert.Equal(marks.Length - 1, Hops.Count);
        Assert.All(Hops, hop => Assert.Equal(1, hop.Count));
    }

    [Fact]
    public void A_download_that_breaks_off_elsewhere_each_time_is_the_same_step_again()
    {
        _trace.Mark(Serial, HopKind.Script, "how it began");
        for (var i = 0; i < 200; i++)
        {
            _trace.Mark(Serial, HopKind.Kernel, "vmlinuz", 0, 1000);
            _trace.Mark(Serial, HopKind.Kernel, "vmlinuz", 700 + i, 1000);
        }

        Assert.Equal([("how it began", 1, null), ("vmlinuz", 199, 898), ("vmlinuz", 1, (long?)899)], Hops.Select(hop => (hop.Detail, hop.Count, hop.Bytes)));
    }

    [Fact]
    public void A_boot_that_breaks_off_in_its_download_each_time_is_a_cycle()
    {
        for (var i = 0; i < 200; i++)
        {
            _trace.Mark(Serial, HopKind.Script, "install");
            _trace.Mark(Serial, HopKind.Kernel, "vmlinuz", 0, 1000);
            _trace.Mark(Serial, HopKind.Kernel, "vmlinuz", 700 + i, 1000);
            _trace.Mark(Serial, HopKind.Failed, new HopDetail(Lease) { Text = "vmlinuz" }, 700 + i, 1000);
        }

        _trace.Mark(Serial, HopKind.Discover, "PXE firmware");
        Assert.Equal([("script", 200, null), ("kernel", 200, 899), ("failed", 200, 899), ("discover", 1, (long?)null)], Hops.Select(hop => (hop.Name, hop.Count, hop.Bytes)));
    }

    [Fact]
    public void A_file_that_is_fetched_again_is_counted_and_one_that_is_told_of_while_it_comes_is_not()
    {
        for (var i = 0; i < 3; i++)
        {
            _clock.Pass(TimeSpan.FromMinutes(1));
            _trace.Mark(Serial, HopKind.File, "ipxe.efi", 500, 1000, TimeSpan.FromSeconds(1));
            _clock.Pass(TimeSpan.FromSeconds(1));
            _trace.Mark(Serial, HopKind.File, "ipxe.efi", 1000, 1000, TimeSpan.FromSeconds(2.1));
            _trace.Mark(Serial, HopKind.File, "ipxe.efi", 1000, 1000, TimeSpan.FromSeconds(2.2));
        }

        var hop = Assert.Single(Hops);
        Assert.Equal((3, 1000, TimeSpan.FromSeconds(2.2)), (hop.Count, hop.Bytes, hop.Took));

        _trace.Mark(Serial, HopKind.File, "ipxe.efi", 1000, 1000);
        Assert.Equal(4, Assert.Single(Hops).Count);
    }

    [Fact]
    public void A_loop_is_told_to_who_watches_mark_by_mark_with_the_count_so_far()
    {
        for (var i = 0; i < 3; i++)
        {
            _trace.Mark(Serial, HopKind.Discover, "PXE firmware");
            _trace.Mark(Serial, HopKind.Silent, "no boot loader");
        }

        Assert.Equal(
            [(HopKind.Discover, 1), (HopKind.Silent, 1), (HopKind.Discover, 1), (HopKind.Silent, 2), (HopKind.Discover, 1), (HopKind.Silent, 3)],
            _trace.Events.Read(0, 100, out _).Select(entry => (entry.Event.Hop!.Kind, entry.Event.Hop.Count)));
    }

    [Fact]
    public void How_far_a_machine_is_goes_by_the_last_round_and_since_when_it_is_seen_by_the_first()
    {
        for (var i = 0; i < 50; i++)
        {
            _trace.Mark(Serial, HopKind.Offer, HopDetail.Lease(Sample.Address("10.0.0.100"), "ipxe.efi"));
            _trace.Mark(Serial, HopKind.Ack, HopDetail.Lease(Sample.Address("10.0.0.100"), "ipxe.efi"));
        }

        var head = _trace.Head(Serial)!;
        Assert.Equal((CountingClock.Start, 99), (head.First, Times(head.Last).Last));
        Assert.Equal((HopKind.Ack, 99), (head.Step!.Kind, Times(head.Step).Last));
        Assert.Null(StallDetector.Find(head, head.Last.At.AddSeconds(39), MachineState.Unknown, new BootAnswer(BootAnswerKind.Discover, "x")));
        Assert.Equal(head.Last.At, StallDetector.Find(head, head.Last.At.AddSeconds(40), MachineState.Unknown, new BootAnswer(BootAnswerKind.Discover, "x"))!.Since);
    }

    [Fact]
    public void What_a_mac_did_over_and_over_is_counted_with_what_its_serial_did()
    {
        for (var i = 0; i < 20; i++)
        {
            _trace.Mark(Sample.Mac(1), HopKind.Discover, "PXE firmware");
        }

        _trace.Mark(Serial, HopKind.Discover, "PXE firmware");
        _trace.Mark(Serial, HopKind.Script, "iPXE script");
        _trace.Link(Sample.Mac(1), Serial);

        Assert.Equal([(21, 0L, 20L), (1, 21, 21)], Hops.Select(Times));
    }

    [Fact]
    public void However_marks_repeat_they_add_up_and_stay_in_the_order_of_their_times()
    {
        var random = new Random(8);
        for (var round = 0; round < 400; round++)
        {
            var trace = new BootTrace(_clock);
            var (kinds, marks) = (random.Next(1, 5), random.Next(1, BootTrace.MaxHops));
            var last = "";
            for (var i = 0; i < marks; i++)
            {
                last = $"step {random.Next(kinds)}";
                trace.Mark(Serial, HopKind.Offer, last);
            }

            var hops = trace.Find(Serial)!.Hops;
            Assert.Equal(marks, hops.Sum(hop => hop.Count));
            Assert.Equal(last, hops[^1].Detail);
            Assert.All(hops, hop => Assert.InRange(hop.First, CountingClock.Start, hop.At));
            Assert.Equal(hops.Select(hop => hop.At).Order(), hops.Select(hop => hop.At));
            Assert.Equal(hops.Select(hop => hop.First).Order(), hops.Select(hop => hop.First));
            Assert.DoesNotContain(hops.Zip(hops.Skip(1)), pair => pair.First.Detail == pair.Second.Detail);
        }
    }

    private static (int Count, long First, long Last) Times(Hop hop) =>
        (hop.Count, (long)(hop.First - CountingClock.Start).TotalMilliseconds, (long)(hop.At - CountingClock.Start).TotalMilliseconds);

    // A millisecond passes with each mark.
    private sealed class CountingClock : TimeProvider
    {
        public static readonly DateTimeOffset Start = Sample.Now;

        private DateTimeOffset _now = Start.AddMilliseconds(-1);

        public void Pass(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromMilliseconds(1);
    }
}
