using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Addresses;

/// <summary>How a machine's system sets up the interface that has one of its addresses. Templates print it; Mayu itself does nothing with it.</summary>
public sealed record NicModel
{
    /// <summary>What the interface is made of.</summary>
    public NicKind Kind { get; init; }

    /// <summary>The name of the bond or bridge; null: a default.</summary>
    public string? Name { get; init; }

    /// <summary>The interfaces in the bond or bridge, or below the VLAN: names, or patterns with * and ?. Empty: the interface itself.</summary>
    public ImmutableArray<string> Members { get; init; } = [];

    /// <summary>The bond's mode, as the kernel names it.</summary>
    public string BondMode { get; init; } = "active-backup";

    /// <summary>How often the other side is asked for LACPDUs, with the mode 802.3ad: slow or fast.</summary>
    public string LacpRate { get; init; } = "slow";

    /// <summary>The VLAN that the address is in, 1 to 4094; null: untagged.</summary>
    public int? VlanId { get; init; }

    /// <summary>The MTU in bytes; null: the system's default.</summary>
    public int? Mtu { get; init; }

    /// <summary>Static routes.</summary>
    public ImmutableArray<StaticRoute> Routes { get; init; } = [];
}

/// <summary>What an interface is made of.</summary>
public enum NicKind
{
    /// <summary>One network card.</summary>
    Plain,

    /// <summary>Several that act as one.</summary>
    Bond,

    /// <summary>A bridge, to which virtual machines can be attached.</summary>
    Bridge,
}

/// <summary>A static route.</summary>
/// <param name="To">The subnet that is reached.</param>
/// <param name="Via">The router, in the interface's own subnet.</param>
public sealed record StaticRoute(Ipv4Subnet To, Ipv4 Via);
