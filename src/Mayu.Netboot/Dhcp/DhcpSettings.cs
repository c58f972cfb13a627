using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Netboot.Leases;
using Mayu.Primitives;

namespace Mayu.Netboot.Dhcp;

/// <summary>What stands in the section <c>dhcp</c>. Its defaults stand here alone.</summary>
internal sealed record DhcpSettings
{
    /// <summary>Whether machines get their addresses here.</summary>
    public DhcpMode Mode { get; init; }

    /// <summary>Whether a client that asks for an address that nobody here knows of is refused (DHCPNAK) instead of left alone.</summary>
    public bool Authoritative { get; init; }

    /// <summary>Whether it is asked on the wire whether an address is in use before a client is offered it.</summary>
    public bool Probes { get; init; } = true;

    /// <summary>How long the lease of a stranger lasts who has not booted yet, if that is less than other leases.</summary>
    public TimeSpan TrialTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>About how often another DHCP server is asked for, in mode auto.</summary>
    public TimeSpan AutoInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The share of each pool that is kept for known machines, in percent.</summary>
    public int KnownShare { get; init; } = 25;

    /// <summary>Whether an installed system that asks by DHCP is given its machine's internal address.</summary>
    public bool OwnAddresses { get; init; }

    /// <summary>Further options; of several for one code the first that fits a client.</summary>
    public ImmutableArray<DhcpOptionSetting> Options { get; init; } = [];

    /// <summary>Addresses that belong to one client each; in a subnet those of others do not matter.</summary>
    public ImmutableArray<DhcpReservation> Reservations { get; init; } = [];

    /// <summary>Clients that are never answered.</summary>
    public FrozenSet<MacAddress> Ignored { get; init; } = FrozenSet<MacAddress>.Empty;
}
