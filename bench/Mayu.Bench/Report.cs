using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Mayu.Bench;

/// <summary>Says the figures: as a table for people, as JSON for programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>One line a figure: medians with the least and the most of the rounds.</summary>
    public static string Table(IReadOnlyList<Comparison> comparisons)
    {
        string[][] rows =
        [
            ["name", "unit", "ours (min–max)", "peer (min–max)", "ratio"],
            .. comparisons.Select(one => new[] { one.Name, one.Unit, Say(one.Ours), Say(one.Peer), Say(one.Ratio) }),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            // Words to the left, numbers to the right.
            var cells = row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.AppendLine(string.Join("  ", cells));
        }

        return text.ToString();
    }

    /// <summary>A list of <c>{name, ours, peer, ratio, unit}</c>.</summary>
    public static string Json(IReadOnlyList<Comparison> comparisons) => JsonSerializer.Serialize(
        comparisons.Select(one => new { one.Name, Ours = one.Ours.Median, Peer = one.Peer.Median, one.Ratio, one.Unit }), Indented) + "\n";

    private static string Say(Spread spread) => $"{Say(spread.Median)} ({Say(spread.Least)}–{Say(spread.Most)})";

    // Three digits that mean something.
    private static string Say(double value) => value.ToString(
        value switch { >= 100 => "0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);
}
