using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Primitives;

namespace Mayu.Netboot.Dhcp;

/// <summary>A further subnet that machines boot from, beside the one of <c>network</c> itself.</summary>
internal sealed record BootSubnet
{
    /// <summary>The key under which those on interfaces of this server stand in the configuration.</summary>
    public const string SegmentsKey = "network.segments[]";

    /// <summary>The interface that its machines are on, or that their relays' packets come in by.</summary>
    public required string Interface { get; init; }

    /// <summary>The subnet, its pool, and this server's address for its machines: in a relayed subnet that of the interface.</summary>
    public required NetworkPlan Network { get; init; }

    /// <summary>The relays that speak for it; none: it is on the interface itself.</summary>
    public ImmutableArray<Ipv4> Relays { get; init; } = [];

    /// <summary>Its own word on <c>dhcp.authoritative</c>.</summary>
    public bool? Authoritative { get; init; }

    /// <summary>Options that stand before those of all subnets.</summary>
    public ImmutableArray<DhcpOptionSetting> Options { get; init; } = [];
}
