using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Netboot.Dhcp;
using Mayu.Primitives;

namespace Mayu.Netboot.Explain;

/// <summary>A network that a client may boot in: one of an interface's own, or one behind a relay.</summary>
/// <param name="Settings">What DHCP is told about it.</param>
/// <param name="Relay">The relay that the client's packets come by; null: it is heard directly.</param>
internal sealed record ExplainedNetwork(DhcpSubnet Settings, Ipv4? Relay)
{
    /// <summary>The relays that speak for several networks.</summary>
    public FrozenSet<Ipv4> SharedRelays { get; init; } = FrozenSet<Ipv4>.Empty;

    /// <summary>Whether its relay has to say that it means this network: by link selection (RFC 3527).</summary>
    public bool IsSelected => Relay is { } relay && SharedRelays.Contains(relay);

    /// <summary>What it is called: <c>10.0.0.0/24 on eth1</c>, <c>10.2.0.0/24 by relay 10.2.0.1</c>.</summary>
    public string Name => IsSelected ? $"{Subnet} by link selection of relay {Relay}"
        : Relay is { } relay ? $"{Subnet} by relay {relay}"
        : Settings.Interface.Length > 0 ? $"{Subnet} on {Settings.Interface}"
        : $"{Subnet}";

    /// <summary>The subnet.</summary>
    public Ipv4Subnet Subnet => Settings.Network.Subnet;

    /// <summary>Every network that is served, the main one first.</summary>
    public static ImmutableArray<ExplainedNetwork> All(ImmutableArray<DhcpSubnet> settings)
    {
        var shared = DhcpSubnet.SharedRelays(settings);
        return [.. settings.Select(one => new ExplainedNetwork(one, one.Relays.Count == 0 ? null : one.Relays.Min()) { SharedRelays = shared })];
    }

    /// <summary>Finds what an operator names: an interface, a subnet, a relay, or any address in a subnet. Null where there is none of that name.</summary>
    public static ExplainedNetwork? Find(ImmutableArray<ExplainedNetwork> all, string name)
    {
        if (!Ipv4.TryParse(name, out var address))
        {
            return all.FirstOrDefault(one => one.Relay is null && one.Settings.Interface == name) ?? all.FirstOrDefault(one => one.Subnet.ToString() == name);
        }

        // A relay may speak by an address of another network than its clients'; of several networks it means the one that it is in.
        var byRelay = all.Where(one => one.Settings.Relays.Contains(address)).ToList();
        return (byRelay.Find(one => one.Subnet.Contains(address)) ?? byRelay.FirstOrDefault()) is { } relayed ? relayed with { Relay = address }
            : all.FirstOrDefault(one => one.Subnet.Contains(address));
    }
}
