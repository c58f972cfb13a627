using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;

namespace Mayu.Core.Profiles;

/// <summary>What the operator wants of the cluster: the profiles in their order, and the pool of internal addresses.</summary>
public sealed record ClusterPlan
{
    /// <summary>The profiles, in the order of the configuration file; <c>default</c> among them.</summary>
    public required ImmutableArray<Profile> Profiles { get; init; }

    /// <summary>Where internal addresses are taken from.</summary>
    public required Ipv4Range InternalRange { get; init; }

    /// <summary>Addresses in the range that belong to something else: this server, the router, name servers.</summary>
    public ImmutableHashSet<Ipv4> TakenAddresses { get; init; } = [];

    /// <summary>The profile of a name; null when the configuration no longer has it.</summary>
    public Profile? FindProfile(string? name) => name is null ? null : Profiles.FirstOrDefault(p => p.Name == name);

    /// <summary>The profile a new machine takes: the first, in the file's order, that still has a free slot; else <c>default</c>.</summary>
    public Profile ChooseProfile(ClusterSnapshot snapshot) =>
        Profiles.FirstOrDefault(p => !p.IsDefault && snapshot.CountInProfile(p.Name) < p.Quantity)
        ?? Profiles.First(p => p.IsDefault);

    /// <summary>
    /// A free internal address: the next behind the one given out last, so that a freed address rests as long as possible.
    /// Null when the pool is full.
    /// </summary>
    public Ipv4? ChooseAddress(ClusterSnapshot snapshot)
    {
        var offset = snapshot.LastAssigned is { } last && InternalRange.Contains(last) ? last.Value - InternalRange.Start.Value + 1L : 0;
        for (long i = 0; i < InternalRange.Count; i++)
        {
            var candidate = new Ipv4((uint)(InternalRange.Start.Value + ((offset + i) % InternalRange.Count)));
            if (!TakenAddresses.Contains(candidate) && !snapshot.TryFindOwner(candidate, out _))
            {
                return candidate;
            }
        }

        return null;
    }
}
