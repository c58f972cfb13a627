using System.Globalization;
using Spectre.Console;

namespace Mayu.Lab.Demo;

/// <summary>For terminals: a table that is drawn again in place, with a bar for downloads and for the writing of disks.</summary>
internal sealed class TableView(IAnsiConsole console) : IRackView
{
    private const int BarWidth = 20;

    public async Task WatchAsync(Func<Task<IReadOnlyList<MachineLine>?>> next) =>
        await console.Live(new Text("")).StartAsync(async live =>
        {
            while (await next() is { } lines)
            {
                live.UpdateTarget(Draw(lines));
                live.Refresh();
            }
        });

    internal static Table Draw(IReadOnlyList<MachineLine> lines)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("serial", "", "address", "profile", "state", "at", "progress");
        table.AddColumn(new TableColumn("time").RightAligned());
        foreach (var line in lines)
        {
            table.AddRow(
                new Text(line.Serial),
                new Text(line.Firmware, Color.Grey),
                new Text(line.Address),
                new Text(line.Profile),
                new Text(line.State, ColorOf(line)),
                line.Problem is { } problem && !line.IsRunning ? new Text(problem, Color.Red) : new Text(line.Hop),
                new Text(line.Done is { } done ? Bar(done) : ""),
                new Text(line.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) + " s"));
        }

        return table;
    }

    internal static string Bar(double done)
    {
        var full = (int)Math.Round(done * BarWidth);
        return $"{new string('█', full)}{new string('░', BarWidth - full)} {done * 100,3:0} %";
    }

    private static Style ColorOf(MachineLine line) => line switch
    {
        { IsRunning: true } => Color.Green,
        { Problem: not null } => Color.Red,
        { State: "installing" or "installed" } => Color.Yellow,
        _ => Color.Default,
    };
}
