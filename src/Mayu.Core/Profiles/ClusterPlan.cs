using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Profiles;

/// <summary>What the operator wants of the cluster: the profiles in their order, and the pools of addresses.</summary>
public sealed record ClusterPlan
{
    // Each packet of a machine asks for its profile.
    private readonly FrozenDictionary<string, Profile> _byName = FrozenDictionary<string, Profile>.Empty;

    /// <summary>The profiles, in the order of the configuration file; <c>default</c> among them.</summary>
    public required ImmutableArray<Profile> Profiles
    {
        get;
        init
        {
            field = value;
            _byName = value.DistinctBy(profile => profile.Name).ToFrozenDictionary(profile => profile.Name);
        }
    }

    /// <summary>Where internal addresses are taken from.</summary>
    public required Ipv4Range InternalRange { get; init; }

    /// <summary>Further interfaces that machines get an address for, each from its own range.</summary>
    public ImmutableArray<ExtraNic> ExtraNics { get; init; } = [];

    /// <summary>Addresses that belong to something else: this server, the router, name servers, what the operator excluded.</summary>
    public ImmutableHashSet<Ipv4> TakenAddresses { get; init; } = [];

    /// <summary>Ranges of addresses that the operator excluded.</summary>
    public ImmutableArray<Ipv4Range> ExcludedRanges { get; init; } = [];

    /// <summary>Addresses that somebody unknown was found to use on the wire.</summary>
    public ImmutableHashSet<Ipv4> OccupiedAddresses { get; init; } = [];

    /// <summary>The profile of a name; null when the configuration no longer has it.</summary>
    public Profile? FindProfile(string? name) => name is null ? null : _byName.GetValueOrDefault(name);

    /// <summary>
    /// The profile a new machine takes: the first, in the file's order, that has a free slot and asks for nothing that the machine
    /// lacks; else <c>default</c>. A slot that a pin keeps for another machine is not free.
    /// </summary>
    public ProfileChoice ChooseProfile(ClusterSnapshot snapshot, MachineFacts? facts)
    {
        var lacks = ImmutableArray.CreateBuilder<string>();
        foreach (var profile in Profiles)
        {
            if (profile.IsDefault || snapshot.CountInProfile(profile.Name) + snapshot.CountPinned(profile.Name) >= profile.Quantity)
            {
                continue;
            }

            if (profile.Requires.Unmet(facts) is not { } unmet)
            {
                return new ProfileChoice(profile, lacks.ToImmutable());
            }

            lacks.Add($"{profile.Name}: {unmet}");
        }

        return new ProfileChoice(Profiles.First(p => p.IsDefault), lacks.ToImmutable());
    }

    /// <summary>
    /// A free internal address: the next behind the one given out last, so that a freed address rests as long as possible.
    /// Null when the pool is full.
    /// </summary>
    public Ipv4? ChooseAddress(ClusterSnapshot snapshot) => FirstOf(FreeAddresses(snapshot, InternalRange, snapshot.LastAssigned));

    /// <summary>The internal addresses that come next, if nothing else happens.</summary>
    public IEnumerable<Ipv4> NextAddresses(ClusterSnapshot snapshot) => FreeAddresses(snapshot, InternalRange, snapshot.LastAssigned);

    /// <summary>A free address for a further interface; null when its pool is full.</summary>
    public Ipv4? ChooseAddress(ClusterSnapshot snapshot, ExtraNic nic) => FirstOf(FreeAddresses(snapshot, nic.Range, behind: null));

    /// <summary>Why an address cannot become a machine's internal one, as half a sentence; null when it can.</summary>
    /// <param name="snapshot">The cluster as it is.</param>
    /// <param name="address">The address.</param>
    public string? WhyNotInternal(ClusterSnapshot snapshot, Ipv4 address) =>
        InternalRange.Contains(address) ? WhyNotFree(snapshot, address) : $"it is outside network.internal_range {InternalRange}";

    /// <summary>Why an address of a pool cannot be given to a machine, as half a sentence; null when it can.</summary>
    /// <param name="snapshot">The cluster as it is.</param>
    /// <param name="address">The address.</param>
    public string? WhyNotFree(ClusterSnapshot snapshot, Ipv4 address) =>
        TakenAddresses.Contains(address) ? "it belongs to this server, the router or a name or time server"
        : ExcludedRanges.Any(range => range.Contains(address)) ? "the configuration excludes it"
        : snapshot.TryFindOwner(address, out var owner) ? $"machine {owner.Serial} has it"
        : snapshot.FindPin(address) is { } pin ? $"it is reserved for {pin.Key}"
        : OccupiedAddresses.Contains(address) ? "an unknown device answers ARP for it"
        : null;

    private static Ipv4? FirstOf(IEnumerable<Ipv4> addresses)
    {
        foreach (var address in addresses)
        {
            return address;
        }

        return null;
    }

    private IEnumerable<Ipv4> FreeAddresses(ClusterSnapshot snapshot, Ipv4Range range, Ipv4? behind)
    {
        var offset = behind is { } last && range.Contains(last) ? last.Value - range.Start.Value + 1L : 0;
        for (long i = 0; i < range.Count; i++)
        {
            var candidate = new Ipv4((uint)(range.Start.Value + ((offset + i) % range.Count)));
            if (WhyNotFree(snapshot, candidate) is null)
            {
                yield return candidate;
            }
        }
    }
}

/// <summary>The profile that was chosen for a machine.</summary>
/// <param name="Profile">The profile.</param>
/// <param name="Lacks">Profiles with a free slot that it could not take, each with what the machine lacks.</param>
public sealed record ProfileChoice(Profile Profile, ImmutableArray<string> Lacks);
