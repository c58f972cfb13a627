using Mayu.Lab;

namespace Mayu.Bench;

/// <summary>One figure of both sides, over all rounds.</summary>
internal sealed record Comparison
{
    public required string Name { get; init; }

    public required string Unit { get; init; }

    public required Spread Ours { get; init; }

    public required Spread Peer { get; init; }

    /// <summary>Ours against the peer's, by the medians: above 1 ours is better, whatever the unit.</summary>
    public required double Ratio { get; init; }

    /// <summary>Puts the rounds of both sides together.</summary>
    /// <param name="prefix">The benchmark's name.</param>
    /// <param name="ours">Our rounds, each with the same figures.</param>
    /// <param name="peer">The peer's.</param>
    /// <exception cref="LabException">A figure is no positive number: nothing was measured then.</exception>
    public static IReadOnlyList<Comparison> Of(string prefix, IReadOnlyList<IReadOnlyList<Figure>> ours, IReadOnlyList<IReadOnlyList<Figure>> peer) =>
        [.. ours[0].Select((figure, place) => Of(prefix, figure, Values(ours, place, figure), Values(peer, place, figure)))];

    private static Comparison Of(string prefix, Figure figure, Spread ours, Spread peer) => new()
    {
        Name = $"{prefix}/{figure.Name}",
        Unit = figure.Unit,
        Ours = ours,
        Peer = peer,
        Ratio = figure.MoreIsBetter ? ours.Median / peer.Median : peer.Median / ours.Median,
    };

    private static Spread Values(IReadOnlyList<IReadOnlyList<Figure>> rounds, int place, Figure figure)
    {
        var values = rounds.Select(round => round[place].Name == figure.Name
            ? round[place].Value
            : throw new LabException($"a round has {round[place].Name} where another has {figure.Name}")).ToList();
        return values.All(value => double.IsFinite(value) && value > 0)
            ? Spread.Of(values)
            : throw new LabException($"{figure.Name} was not measured: {string.Join(", ", values)} {figure.Unit}");
    }
}
