using Mayu.Core.Machines;
using Mayu.Netboot.Tests;
using Mayu.Primitives;
using Mayu.Server.Decisions;

namespace Mayu.Server.Tests.Decisions;

/// <summary>How often a machine may have written down what it says of itself.</summary>
public class ReportPaceTests
{
    private static readonly Serial One = SerialOf("a");

    private readonly StoppedClock _clock = new();
    private readonly ReportPace _pace;

    public ReportPaceTests() => _pace = new ReportPace(_clock);

    [Fact]
    public void A_few_are_taken_at_once_and_then_one_each_interval()
    {
        Assert.Equal([true, true, true, true, false, false], Take(6));

        _clock.Pass(ReportPace.Interval - TimeSpan.FromSeconds(1));
        Assert.Equal([false], Take(1));
        _clock.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([true, false], Take(2));
        _clock.Pass(2 * ReportPace.Interval);
        Assert.Equal([true, true, false], Take(3));
    }

    [Fact]
    public void Who_was_silent_for_long_may_as_much_as_at_first_and_no_more()
    {
        Take(4);
        _clock.Pass(100 * ReportPace.Interval);

        Assert.Equal([true, true, true, true, false], Take(5));
    }

    [Fact]
    public void Each_machine_has_a_pace_of_its_own_and_however_many_there_are_none_is_forgotten_too_soon()
    {
        Take(4);
        for (var i = 0; i < 5000; i++)
        {
            Assert.True(_pace.TryTake(SerialOf($"other-{i}")));
        }

        Assert.Equal([false], Take(1));
        _clock.Pass(ReportPace.Interval);
        Assert.Equal([true, false], Take(2));
    }

    // The store may ask again, where another change came between.
    [Fact]
    public void One_request_is_decided_once_however_often_it_is_asked()
    {
        var report = Report(isReport: true);
        Take(3);
        var room = _pace.Room();

        Assert.Same(report, room.Limit(ClusterSnapshot.Empty, report));
        Assert.Same(report, room.Limit(ClusterSnapshot.Empty, report));
        Assert.False(room.HeldBack);
        Assert.Equal([false], Take(1));
    }

    [Fact]
    public void A_report_that_comes_too_soon_changes_nothing_and_what_is_no_report_is_never_held_back()
    {
        Take(4);
        var room = _pace.Room();
        var (report, change) = (Report(isReport: true), Report(isReport: false));

        Assert.Same(report.Machine, Assert.IsType<Proposal.Nothing>(room.Limit(ClusterSnapshot.Empty.With(report.Machine), report)).Machine);
        Assert.True(room.HeldBack);
        Assert.Same(change, room.Limit(ClusterSnapshot.Empty, change));
        Assert.False(room.HeldBack);
    }

    private static Serial SerialOf(string text) => Serial.TryParse(text, out var serial, out _) ? serial : throw new ArgumentException(text, nameof(text));

    private static Proposal.Put Report(bool isReport) => new(new Machine { Serial = One, State = MachineState.Running }, "reported") { IsReport = isReport };

    private bool[] Take(int times) => [.. Enumerable.Range(0, times).Select(_ => _pace.TryTake(One))];
}
