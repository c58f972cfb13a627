using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;

namespace Mayu.Netboot.Dhcp;

/// <summary>What the DHCP server is told about one subnet.</summary>
internal sealed record DhcpSettings
{
    /// <summary>The interface that its clients, or their relays, are heard on, and no other.</summary>
    public required string Interface { get; init; }

    /// <summary>The subnet, the pool and what clients are told about them.</summary>
    public required NetworkPlan Network { get; init; }

    /// <summary>The boot listener: where the boot script and, for HTTP boot, the loaders are.</summary>
    public required string BootUrl { get; init; }

    /// <summary>The boot loader for each architecture, and quirks; a client of any other is left alone.</summary>
    public PxeSettings Pxe { get; init; } = new();

    /// <summary>
    /// The relays (giaddr) that speak for this subnet; without any it is the interface's own. A relay that no subnet has is never answered, for a
    /// forged relay address would turn the server on others.
    /// </summary>
    public FrozenSet<Ipv4> Relays { get; init; } = FrozenSet<Ipv4>.Empty;

    /// <summary>Whether a client that asks for an address which is none of ours is refused instead of left alone.</summary>
    public bool Authoritative { get; init; }

    /// <summary>Further options; of several for one code the first that fits a client.</summary>
    public ImmutableArray<DhcpOptionSetting> Options { get; init; } = [];

    /// <summary>Addresses that belong to one client each. Those of other subnets do not matter here.</summary>
    public ImmutableArray<DhcpReservation> Reservations { get; init; } = [];

    /// <summary>How long the lease of a stranger lasts who has not booted yet, if that is less than other leases.</summary>
    public TimeSpan TrialTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The share of the pool that is kept for known machines, in percent.</summary>
    public int KnownShare { get; init; } = 25;

    /// <summary>Whether an installed system is given its machine's internal address instead of one of the pool.</summary>
    public bool OwnAddresses { get; init; }

    /// <summary>Clients that are never answered.</summary>
    public FrozenSet<MacAddress> Ignored { get; init; } = FrozenSet<MacAddress>.Empty;

    /// <summary>The relays that speak for more than one of these subnets.</summary>
    public static FrozenSet<Ipv4> SharedRelays(IEnumerable<DhcpSettings> subnets) =>
        subnets.SelectMany(subnet => subnet.Relays).CountBy(relay => relay).Where(count => count.Value > 1).Select(count => count.Key).ToFrozenSet();
}
