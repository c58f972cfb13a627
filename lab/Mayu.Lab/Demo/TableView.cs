using System.Globalization;
using Spectre.Console;

namespace Mayu.Lab.Demo;

/// <summary>For terminals: a table that is drawn again in place, with a bar for downloads and for the writing of disks.</summary>
internal sealed class TableView(IAnsiConsole console) : IRackView
{
    private const int BarWidth = 10;
    private const int Gap = 3;

    // Address and profile come with the list at the end; below this they would leave no room for the step.
    private const int WidthForAll = 110;

    private static readonly Column Step = new("at", line => line.Hop);

    private static readonly Column[] Narrow =
    [
        new("serial", line => line.Serial),
        new("", line => line.Firmware) { Color = _ => Color.Grey },
        new("state", line => line.State) { Color = ColorOf },
        Step,
        new("progress", line => line.Done is { } done ? Bar(done) : ""),
        new("time", line => line.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) + " s"),
    ];

    private static readonly Column[] Wide = [.. Narrow[..2], new("address", line => line.Address), new("profile", line => line.Profile), .. Narrow[2..]];

    public async Task WatchAsync(Func<Task<IReadOnlyList<MachineLine>?>> next) =>
        await console.Live(new Text("")).StartAsync(async live =>
        {
            while (await next() is { } lines)
            {
                live.UpdateTarget(Draw(lines, console.Profile.Width));
                live.Refresh();
            }
        });

    /// <summary>The table; below it the problems, each with its machine. A step that is too long is cut, everything else is whole.</summary>
    internal static Rows Draw(IReadOnlyList<MachineLine> lines, int width)
    {
        var columns = width < WidthForAll ? Narrow : Wide;
        var room = width - 1 - columns.Sum(column => Gap + (column == Step ? 0 : lines.Select(line => column.Text(line).Length).Append(column.Header.Length).Max()));
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column.Header) { NoWrap = true, Alignment = column.Header == "time" ? Justify.Right : Justify.Left });
        }

        foreach (var line in lines)
        {
            table.AddRow(columns.Select(column => new Text(column == Step ? Cut(column.Text(line), room) : column.Text(line), column.Color(line))));
        }

        return new Rows([table, .. lines.Where(line => line is { Problem: not null, IsRunning: false }).Select(line => new Text($"{line.Serial}: {line.Problem}", Color.Red))]);
    }

    internal static string Bar(double done)
    {
        var full = (int)Math.Round(done * BarWidth);
        return $"{new string('█', full)}{new string('░', BarWidth - full)} {done * 100,3:0} %";
    }

    private static string Cut(string text, int room) => text.Length <= room ? text : string.Concat(text.AsSpan(0, Math.Max(0, room - 1)), "…");

    private static Style ColorOf(MachineLine line) => line switch
    {
        { IsRunning: true } => Color.Green,
        { Problem: not null } => Color.Red,
        { State: "installing" or "installed" } => Color.Yellow,
        _ => Color.Default,
    };

    private sealed record Column(string Header, Func<MachineLine, string> Text)
    {
        public Func<MachineLine, Style> Color { get; init; } = _ => Style.Plain;
    }
}
