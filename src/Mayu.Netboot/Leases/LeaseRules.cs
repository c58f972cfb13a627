using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>What a pool is made of.</summary>
internal sealed record LeaseRules
{
    /// <summary>The addresses, at most <see cref="LeasePool.MaximumSize"/>.</summary>
    public required Ipv4Range Range { get; init; }

    /// <summary>Those of the range that are never leased: this server's, the router's.</summary>
    public ImmutableArray<Ipv4> Excluded { get; init; } = [];

    /// <summary>How long a lease lasts.</summary>
    public required TimeSpan LeaseTime { get; init; }

    /// <summary>How long the lease of a stranger lasts who has not booted yet.</summary>
    public required TimeSpan TrialTime { get; init; }

    /// <summary>The share of the pool that is kept for known machines, 0 to 90 percent; never more addresses than there are machines.</summary>
    public required int KnownShare { get; init; }
}
