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
    public int KnownShare { get; init; }

    /// <summary>Whether an address is a machine's own by now, and so never leased.</summary>
    public Func<Ipv4, bool> IsTaken { get; init; } = _ => false;

    /// <summary>Whether a stranger went on to boot: then its lease stands for the whole time.</summary>
    public Func<MacAddress, bool> HasBooted { get; init; } = _ => false;

    /// <summary>How many machines are known.</summary>
    public Func<int> KnownMachines { get; init; } = () => 0;
}
