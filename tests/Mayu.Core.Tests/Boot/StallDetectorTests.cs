using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Boot;

public class StallDetectorTests
{
    private static readonly BootAnswer Discover = new(BootAnswerKind.Discover, "x");
    private static readonly BootAnswer OwnDisk = new(BootAnswerKind.LocalDisk, "x");
    private static readonly Serial Serial = Sample.Serial("a");

    private readonly SteppedClock _clock = new();
    private readonly BootTrace _trace;

    public StallDetectorTests() => _trace = new BootTrace(_clock);

    [Fact]
    public void A_loader_that_was_fetched_and_asks_for_no_script_is_named_with_the_usual_causes()
    {
        _trace.Mark(Serial, HopKind.File, new HopDetail((in HopDetail it) => $"{it.Text} by TFTP") { Text = "ipxe.efi" }, 1_000, 1_000);

        Assert.Null(FindAfter(39));
        var stall = FindAfter(1)!;
        Assert.Equal("it fetched ipxe.efi 40 s ago and never asked for its boot script", stall.Reason);
        Assert.Equal((HopKind.File, HopKind.Script), (stall.After, stall.Expected));
        Assert.Contains(stall.Causes, cause => cause.Contains("spanning tree", StringComparison.Ordinal));
        Assert.Equal(SteppedClock.Start, stall.Since);
    }

    [Fact]
    public void A_download_that_stands_is_told_with_how_far_it_came()
    {
        _trace.Mark(Serial, HopKind.File, "ipxe.efi", 400, 1_000);
        Assert.Equal("it fetched 40 % of ipxe.efi 2 min ago and requested no more of it", FindAfter(120)!.Reason);
    }

    [Fact]
    public void A_lease_tells_what_is_expected_by_what_it_says_to_load()
    {
        _trace.Mark(Serial, HopKind.Ack, HopDetail.Lease(Sample.Address("10.0.0.100"), "ipxe.efi"));
        Assert.Equal(HopKind.File, FindAfter(60)!.Expected);
        _trace.Mark(Serial, HopKind.Ack, HopDetail.Lease(Sample.Address("10.0.0.100"), "http://10.0.0.1:4081/ipxebootscript"));
        Assert.Equal(HopKind.Script, FindAfter(60)!.Expected);
    }

    [Fact]
    public void An_operating_system_that_takes_its_lease_is_no_stalled_boot()
    {
        _trace.Mark(Serial, HopKind.Discover, "an operating system");
        _trace.Mark(Serial, HopKind.Offer, HopDetail.Lease(Sample.Address("10.0.0.100"), null));
        _trace.Mark(Serial, HopKind.Request, "an operating system");
        _trace.Mark(Serial, HopKind.Ack, HopDetail.Lease(Sample.Address("10.0.0.100"), null));
        Assert.Null(FindAfter(3600));
    }

    [Theory]
    [InlineData(HopKind.Nak)]
    [InlineData(HopKind.Decline)]
    public void Who_got_no_address_that_it_can_use_is_awaited_with_another_discover(HopKind kind)
    {
        _trace.Mark(Serial, HopKind.Discover, "PXE firmware");
        _trace.Mark(Serial, HopKind.Offer, HopDetail.Lease(Sample.Address("10.0.0.100"), "ipxe.efi"));
        _trace.Mark(Serial, HopKind.Request, "PXE firmware");
        _trace.Mark(Serial, kind, "10.0.0.100");

        Assert.Null(FindAfter(29));
        var stall = FindAfter(1)!;
        Assert.Equal((kind, HopKind.Discover), (stall.After, stall.Expected));
    }

    [Fact]
    public void The_address_of_the_discovery_system_changes_what_is_thought_of_its_silence()
    {
        _trace.Mark(Serial, HopKind.Initrd, "initrd", 10, 10);
        Assert.Contains(FindAfter(180)!.Causes, cause => cause.Contains("driver", StringComparison.Ordinal));
        _trace.Mark(Serial, HopKind.Ack, HopDetail.Lease(Sample.Address("10.0.0.100"), null));
        var stall = FindAfter(180)!;
        Assert.Contains("which has an address", stall.Reason, StringComparison.Ordinal);
        Assert.Equal(HopKind.FirstStage, stall.Expected);
    }

    [Fact]
    public void A_machine_that_was_left_to_its_disk_is_awaited_once_and_not_when_it_runs()
    {
        _trace.Mark(Serial, HopKind.Silent, "its own disk boots");
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal(HopKind.Complete, Find(MachineState.Installed, OwnDisk)!.Expected);
        Assert.Null(Find(MachineState.Running, OwnDisk));
        Assert.Null(Find(MachineState.Installed, new BootAnswer(BootAnswerKind.Ignore, "off")));
    }

    // A loader that does not return to the firmware is seen like this.
    [Fact]
    public void A_script_that_starts_the_disk_is_followed_by_no_kernel_but_once_by_the_report_that_it_runs()
    {
        var byScript = new BootAnswer(BootAnswerKind.LocalDiskByScript, "x");
        _trace.Mark(Serial, HopKind.OwnDisk, "its own disk");
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.Null(Find(MachineState.Running, byScript));
        var stall = Find(MachineState.Installed, byScript)!;
        Assert.Equal((HopKind.Complete, "it got the boot script that starts its own disk 60 min ago and did not report that it runs"), (stall.Expected, stall.Reason));
    }

    // Each round renewed the hop that is waited for.
    [Fact]
    public void A_machine_that_comes_back_to_the_network_each_time_is_stuck_since_the_first()
    {
        var byScript = new BootAnswer(BootAnswerKind.LocalDiskByScript, "x");
        _trace.Mark(Serial, HopKind.Installed, "");
        for (var i = 0; i < 20; i++)
        {
            _clock.Pass(TimeSpan.FromSeconds(50));
            _trace.Mark(Serial, HopKind.Discover, "iPXE");
            _trace.Mark(Serial, HopKind.OwnDisk, "its own disk");
        }

        _clock.Pass(TimeSpan.FromSeconds(10));
        var stall = Find(MachineState.Installed, byScript)!;
        Assert.Equal((HopKind.OwnDisk, "it got the boot script that starts its own disk 20 times, first 16 min ago and did not report that it runs"), (stall.After, stall.Reason));
        Assert.Null(Find(MachineState.Running, byScript));

        _trace.Mark(Serial, HopKind.Complete, "");
        _trace.Mark(Serial, HopKind.OwnDisk, "its own disk");
        Assert.Null(Find(MachineState.Installed, byScript));
    }

    [Fact]
    public void A_failure_that_is_known_by_name_is_no_stall()
    {
        _trace.Fail(Serial, "disk", "too small");
        Assert.Null(FindAfter(3600));
    }

    [Fact]
    public void A_stranger_that_left_is_not_awaited_for_ever()
    {
        _trace.Mark(Sample.Mac(1), HopKind.Ack, HopDetail.Lease(Sample.Address("10.0.0.100"), "ipxe.efi"));
        _clock.Pass(TimeSpan.FromMinutes(10));
        Assert.NotNull(StallDetector.Find(Assert.Single(_trace.Strangers()), _clock.GetUtcNow(), null, Discover));
        _clock.Pass(TimeSpan.FromHours(1));
        Assert.Null(StallDetector.Find(Assert.Single(_trace.Strangers()), _clock.GetUtcNow(), null, Discover));
    }

    [Fact]
    public void Every_hop_but_the_last_of_a_boot_has_a_rule()
    {
        HopKind[] none = [HopKind.Complete, HopKind.Release, HopKind.Refused, HopKind.Syslog];
        Assert.Equal(Enum.GetValues<HopKind>().Except(none).Order(), StallTable.Rules.Select(rule => rule.After).Distinct().Order());
        Assert.All(StallTable.Rules, rule => Assert.NotEmpty(rule.Causes));
    }

    [Fact]
    public void Those_at_rest_are_passed_over()
    {
        _trace.Mark(Sample.Serial("runs"), HopKind.Complete, "it runs");
        _trace.Mark(Sample.Serial("runs"), HopKind.Ack, HopDetail.Lease(new Ipv4(1), null));
        _trace.Mark(Sample.Mac(9), HopKind.Ack, HopDetail.Lease(new Ipv4(1), null));
        _trace.Mark(Sample.Serial("boots"), HopKind.Script, "x");
        Assert.Equal(["boots"], _trace.Unfinished().Select(head => head.Serial?.Text));
    }

    private Stall? FindAfter(int seconds)
    {
        _clock.Pass(TimeSpan.FromSeconds(seconds));
        return Find(MachineState.Unknown, Discover);
    }

    private Stall? Find(MachineState state, BootAnswer answer) => StallDetector.Find(_trace.Head(Serial)!, _clock.GetUtcNow(), state, answer);

    private sealed class SteppedClock : TimeProvider
    {
        public static readonly DateTimeOffset Start = Sample.Now;

        private DateTimeOffset _now = Start;

        public void Pass(TimeSpan time) => _now += time;

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
