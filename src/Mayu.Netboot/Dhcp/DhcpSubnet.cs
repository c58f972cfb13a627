using System.Collections.Frozen;
using Mayu.Core.Addresses;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;

namespace Mayu.Netboot.Dhcp;

/// <summary>What the DHCP server is told about one subnet.</summary>
internal sealed record DhcpSubnet
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

    /// <summary>How the server behaves in it: the section <c>dhcp</c>, with what the subnet says otherwise.</summary>
    public DhcpSettings Dhcp { get; init; } = new();

    /// <summary>The relays that speak for more than one of these subnets.</summary>
    public static FrozenSet<Ipv4> SharedRelays(IEnumerable<DhcpSubnet> subnets) =>
        subnets.SelectMany(subnet => subnet.Relays).CountBy(relay => relay).Where(count => count.Value > 1).Select(count => count.Key).ToFrozenSet();
}
