namespace Mayu.Primitives;

/// <summary>An inclusive range of IPv4 addresses, as a pool is written in the configuration.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The last address; not below <paramref name="Start"/>.</param>
public sealed record Ipv4Range(Ipv4 Start, Ipv4 End)
{
    /// <summary>How many addresses there are, 1 to 2³².</summary>
    public long Count => (long)End.Value - Start.Value + 1;

    /// <summary>Whether the address lies in the range, its ends included.</summary>
    public bool Contains(Ipv4 address) => address >= Start && address <= End;

    /// <summary>Whether the two ranges share an address.</summary>
    public bool Overlaps(Ipv4Range other) => Start <= other.End && other.Start <= End;

    /// <inheritdoc/>
    public override string ToString() => $"{Start}-{End}";
}
