namespace Mayu.Bench;

/// <summary>
/// One benchmark: the same work given to Mayu and to a peer. Rounds, turns, table, JSON and network are not its business:
/// <see cref="BenchRun"/> has them for all.
/// </summary>
internal interface IBenchmark
{
    /// <summary>What it is called on the command line.</summary>
    string Name { get; }

    /// <summary>What must be known to read the figures: who the peer is, with which options, and what it does not do.</summary>
    IReadOnlyList<string> About { get; }

    /// <summary>Programs whose versions belong to the figures, and the argument that has them say it.</summary>
    IReadOnlyList<(string Program, string Argument)> Versions { get; }

    /// <summary>
    /// Measures one side once, from a fresh start to its end. Called for <see cref="Side.Ours"/> before <see cref="Side.Peer"/>.
    /// </summary>
    /// <returns>The same figures for both sides, in the same order.</returns>
    /// <exception cref="Lab.LabException">An answer was lost or wrong: there is no figure then.</exception>
    Task<IReadOnlyList<Figure>> MeasureAsync(Side side, BenchContext context, CancellationToken cancellation);
}
