namespace Mayu.Ctl.Output;

/// <summary>How wide the columns of a table are to which rows are added: they only grow.</summary>
internal sealed class ColumnWidths
{
    private int[] _widths = [];

    /// <summary>Whether rows were printed, and their headers with them.</summary>
    public bool IsBegun => _widths.Length > 0;

    /// <summary>Makes room for the texts of further rows.</summary>
    /// <param name="needed">How wide each column's widest text is.</param>
    /// <returns>How wide each column is now.</returns>
    public IReadOnlyList<int> Grow(IReadOnlyList<int> needed) =>
        _widths = [.. needed.Select((width, column) => IsBegun ? Math.Max(width, _widths[column]) : width)];
}
