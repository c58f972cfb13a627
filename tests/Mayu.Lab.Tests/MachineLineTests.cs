using Mayu.Client.Contracts;
using Mayu.Lab.Demo;
using Mayu.Lab.Rack;
using Spectre.Console;

namespace Mayu.Lab.Tests;

public class MachineLineTests
{
    private static readonly MachineSpec Spec = MachineSpec.Numbered(1);

    [Fact]
    public void A_machine_the_server_has_not_seen_is_switched_on() =>
        Assert.Equal(("-", "powered on"), Of(null, line => (line.State, line.Hop)));

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

    // The demo ends with its list; the same once more, line by line, belongs to nothing.
    [Fact]
    public async Task Lines_that_were_shown_are_shown_again_when_they_change()
    {
        MachineLine[] running = [Of(Known(MachineStates.Running, new Hop { Name = HopNames.Complete }), line => line)];
        MachineLine[] configured = [Of(Known(MachineStates.Configured, new Hop { Name = HopNames.Complete }), line => line)];
        var next = new Queue<IReadOnlyList<MachineLine>>([running, running, configured, configured]);
        await using var output = new StringWriter();

        await new LineView(output, running, width: null).WatchAsync(() => Task.FromResult(next.TryDequeue(out var lines) ? lines : null));

        Assert.Contains("  configured  ", Assert.Single(output.ToString().TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "    0.0 s  lab-0001  bios  installing                         writing the image of the operating system  50 %\n")]
    [InlineData(80, "    0.0 s  lab-0001  bios  installing  writing the image of the operating system\n                                       50 %\n")]
    public async Task A_narrow_terminal_breaks_no_line_within_a_word(int? width, string expected)
    {
        var next = new Queue<IReadOnlyList<MachineLine>>(
        [
            [Of(Known(MachineStates.Installing, new Hop { Name = HopNames.Progress, Detail = "writing the image of the operating system", Bytes = 50, Total = 100 }), line => line)],
        ]);
        await using var output = new StringWriter { NewLine = "\n" };

        await new LineView(output, [], width).WatchAsync(() => Task.FromResult(next.TryDequeue(out var lines) ? lines : null));

        Assert.Equal(expected, output.ToString());
    }

    [Theory]
    [InlineData(0, "░░░░░░░░░░   0 %")]
    [InlineData(0.5, "█████░░░░░  50 %")]
    [InlineData(1, "██████████ 100 %")]
    public void A_bar_is_as_full_as_the_step_is_done(double done, string bar) => Assert.Equal(bar, TableView.Bar(done));

    [Theory]
    [InlineData(80, false)]
    [InlineData(100, false)]
    [InlineData(200, true)]
    public void On_a_terminal_only_the_step_is_cut_and_a_problem_has_its_own_line(int width, bool hasAddress)
    {
        var line = new MachineLine
        {
            Serial = "lab-0001",
            Firmware = "uefi",
            Address = "10.77.10.100",
            Profile = "storage-large",
            State = "configured",
            Hop = "script: iPXE script: it is configured: the next network boot installs it",
            Done = 1,
            Problem = "the disk is too small",
            Elapsed = TimeSpan.FromSeconds(1234),
        };
        using var printed = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(printed) });
        console.Profile.Width = width;

        console.Write(TableView.Draw([line, line with { Serial = "lab-0002", Problem = null, Hop = "dhcp" }], width));

        var lines = printed.ToString().Split('\n');
        Assert.All(lines, text => Assert.InRange(text.TrimEnd().Length, 0, width));
        var row = Assert.Single(lines, text => text.Contains("lab-0001 ", StringComparison.Ordinal));
        Assert.All(["uefi", "configured", "script: iPXE", "██████████ 100 %", "1234 s"], part => Assert.Contains(part, row));
        Assert.Equal(hasAddress, row.Contains("10.77.10.100", StringComparison.Ordinal) && row.Contains("storage-large", StringComparison.Ordinal));
        Assert.Contains("lab-0001: the disk is too small", lines.Select(text => text.TrimEnd()));
    }

    private static T Of<T>(Machine? known, Func<MachineLine, T> pick) => pick(MachineLine.For(Spec, known, TimeSpan.Zero));

    private static Machine Known(string state, Hop hop) => new() { Serial = Spec.Serial, State = state, Hop = hop };
}
