namespace Mayu.Ctl.Output;

/// <summary>
/// Which columns of a table a terminal shows side by side, and which below: so that no serial, MAC, time or state is ever broken.
/// </summary>
internal sealed class TableLayout
{
    /// <summary>Between two columns.</summary>
    public const string Gap = "  ";

    // Of less than this a sentence is not readable.
    private const int LeastText = 30;

    private TableLayout(int[] shown, int[] widths, int[] below, int[] dropped) => (Shown, Widths, Below, Dropped) = (shown, widths, below, dropped);

    /// <summary>The columns side by side.</summary>
    public IReadOnlyList<int> Shown { get; }

    /// <summary>How wide each of these is.</summary>
    public IReadOnlyList<int> Widths { get; }

    /// <summary>The columns that come below each row.</summary>
    public IReadOnlyList<int> Below { get; }

    /// <summary>The columns that are not shown.</summary>
    public IReadOnlyList<int> Dropped { get; }

    /// <summary>Lays out a table.</summary>
    /// <param name="columns">Its columns.</param>
    /// <param name="natural">How wide the widest text of each is, its header's included.</param>
    /// <param name="width">How wide the terminal is.</param>
    public static TableLayout Of(IReadOnlyList<Column> columns, IReadOnlyList<int> natural, int width)
    {
        var shown = Enumerable.Range(0, columns.Count).Where(i => !columns[i].IsBelow).ToList();
        var below = Enumerable.Range(0, columns.Count).Where(i => columns[i].IsBelow).ToList();
        var dropped = new List<int>();
        if (shown.Count == 0)
        {
            // Below what?
            (shown, below) = ([.. below.Take(1)], [.. below.Skip(1)]);
        }

        while (Needed() > width && shown.Where(i => columns[i].DropOrder > 0).OrderByDescending(i => columns[i].DropOrder).Cast<int?>().FirstOrDefault() is { } next)
        {
            shown.Remove(next);
            dropped.Add(next);
        }

        // The first column says what the row is about.
        while (Needed() > width && shown.Count > 1)
        {
            below.Insert(0, shown[^1]);
            shown.RemoveAt(shown.Count - 1);
        }

        var widths = shown.Select(i => natural[i]).ToArray();
        if (shown.Count > 0 && columns[shown[^1]].Wraps)
        {
            widths[^1] = Math.Min(widths[^1], Math.Max(width - widths[..^1].Sum(w => w + Gap.Length), LeastText));
        }

        dropped.Sort();
        return new TableLayout([.. shown], widths, [.. below], [.. dropped]);

        int Needed() => shown.Sum(i => (columns[i].Wraps && i == shown[^1] ? Math.Min(natural[i], LeastText) : natural[i]) + Gap.Length) - Gap.Length;
    }
}
