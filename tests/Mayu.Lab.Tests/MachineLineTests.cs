using Mayu.Client.Contracts;
using Mayu.Lab.Demo;
using Mayu.Lab.Rack;

namespace Mayu.Lab.Tests;

public class MachineLineTests
{
    private static readonly MachineSpec Spec = MachineSpec.Numbered(1);

    [Fact]
    public void A_machine_the_server_has_not_seen_is_switched_on() =>
        Assert.Equal(("-", "switched on"), Of(null, line => (line.State, line.Hop)));

    [Fact]
    public void Writing_the_disk_has_a_bar()
    {
        var writing = Known(MachineStates.Installing, new Hop { Name = HopNames.Progress, Detail = "writing the image", Bytes = 25, Total = 100 });

        Assert.Equal(("writing the image", 0.25), Of(writing, line => (line.Hop, line.Done)));
    }

    [Fact]
    public void A_running_machine_says_what_it_runs_and_has_no_bar()
    {
        var running = Known(MachineStates.Running, new Hop { Name = HopNames.Image, Bytes = 1, Total = 2 }) with
        {
            Versions = new Dictionary<string, string> { ["OS"] = "Lab 1" },
        };

        Assert.Equal(("runs Lab 1", null), Of(running, line => (line.Hop, line.Done)));
    }

    [Fact]
    public void A_size_that_is_not_known_gives_no_bar() =>
        Assert.Null(Of(Known(MachineStates.Unknown, new Hop { Name = HopNames.Kernel, Bytes = 5, Total = 0 }), line => line.Done));

    [Fact]
    public void A_log_line_tells_a_quarter_and_a_problem()
    {
        var failed = Known(MachineStates.Installing, new Hop { Name = HopNames.Progress, Detail = "writing", Bytes = 60, Total = 100 }) with
        {
            Problem = new ProblemReport { Reason = "the disk is too small" },
        };

        var line = Of(failed, LineView.Describe);

        Assert.Contains("writing  50 %", line);
        Assert.Contains("PROBLEM: the disk is too small", line);
    }

    [Theory]
    [InlineData(0, "░░░░░░░░░░░░░░░░░░░░   0 %")]
    [InlineData(0.5, "██████████░░░░░░░░░░  50 %")]
    [InlineData(1, "████████████████████ 100 %")]
    public void A_bar_is_as_full_as_the_step_is_done(double done, string bar) => Assert.Equal(bar, TableView.Bar(done));

    private static T Of<T>(Machine? known, Func<MachineLine, T> pick) => pick(MachineLine.For(Spec, known, TimeSpan.Zero));

    private static Machine Known(string state, Hop hop) => new() { Serial = Spec.Serial, State = state, Hop = hop };
}
