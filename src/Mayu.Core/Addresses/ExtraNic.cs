using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Addresses;

/// <summary>A further network interface that each machine gets an address for.</summary>
/// <param name="Name">The interface's name on the machine (<c>eth1</c>).</param>
/// <param name="Subnet">The subnet it is in.</param>
/// <param name="Range">Where its addresses are taken from.</param>
public sealed record ExtraNic(string Name, Ipv4Subnet Subnet, Ipv4Range Range)
{
    /// <summary>How machines set it up.</summary>
    public NicModel Model { get; init; } = new();

    /// <summary>Name servers that are asked by way of it.</summary>
    public ImmutableArray<Ipv4> Dns { get; init; } = [];
}
