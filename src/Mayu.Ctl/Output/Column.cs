namespace Mayu.Ctl.Output;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its header; empty: it has none.</param>
internal sealed record Column(string Name)
{
    /// <summary>Whether it is left out on a terminal that is too narrow: the highest number first; 0: never.</summary>
    public int DropOrder { get; init; }

    /// <summary>Whether its text may go on in further lines of the column. Only the last column that is shown may.</summary>
    public bool Wraps { get; init; }

    /// <summary>Whether a terminal shows it below the row, in lines of its own.</summary>
    public bool IsBelow { get; init; }

    /// <summary>A column that is shown as it is.</summary>
    public static implicit operator Column(string name) => new(name);
}
