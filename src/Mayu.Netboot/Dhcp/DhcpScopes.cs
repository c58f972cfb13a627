using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Core.Boot;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Dhcp;

/// <summary>The subnets whose packets come in by one interface, and which one a client is in. Not safe for several threads at once.</summary>
internal sealed class DhcpScopes
{
    private readonly DhcpScope _link;
    private readonly FrozenDictionary<Ipv4, DhcpScope?> _byRelay;

    /// <param name="scopes">The interface's own, which has no relay, and those behind relays.</param>
    public DhcpScopes(IEnumerable<DhcpScope> scopes)
    {
        All = [.. scopes];
        _link = All.Single(scope => scope.IsOnLink);
        // A relay of several subnets that does not say which is one of that which its own address is in (RFC 2131 §4.3.1), if it is one of them.
        _byRelay = All
            .SelectMany(scope => scope.Settings.Relays.Select(relay => (Relay: relay, Scope: scope)))
            .GroupBy(one => one.Relay, one => one.Scope)
            .ToFrozenDictionary(group => group.Key, DhcpScope? (group) => group.Count() == 1 ? group.Single() : group.FirstOrDefault(scope => scope.Network.Subnet.Contains(group.Key)));
    }

    /// <summary>All of them.</summary>
    public ImmutableArray<DhcpScope> All { get; }

    /// <summary>The subnet that a client is in; null where it is in none.</summary>
    /// <param name="client">The client.</param>
    /// <param name="information">What its relay says.</param>
    /// <param name="why">Why it is in none.</param>
    public DhcpScope? Find(in DhcpClient client, in RelayAgentInformation information, out HopDetail why)
    {
        // The relay says it (RFC 3527), else the client by way of the relay (RFC 3011), else the relay's own address does: in that order. An
        // option 118 that is no address is as none: its client may be anybody.
        why = default;
        var relay = client.Request.RelayAddress;
        if (relay.IsAny)
        {
            return FindOnLink(client, out why);
        }

        if (information.HasLinkSelection)
        {
            var link = information.LinkSelection;
            why = new HopDetail(link is null ? DhcpReasons.NoLink : DhcpReasons.LinkOfNobody) { Address = link.GetValueOrDefault(), Other = relay };
            return link is { } address ? ScopeOf(address) : null;
        }

        if (client.Request.TryGetAddress(DhcpOptionCode.SubnetSelection, out var selected))
        {
            why = new HopDetail(DhcpReasons.SelectedOfNobody) { Address = selected };
            return ScopeOf(selected);
        }

        why = new HopDetail(DhcpReasons.RelayOfSeveral) { Address = relay };
        return _byRelay[relay];
    }

    private DhcpScope? ScopeOf(Ipv4 address)
    {
        foreach (var scope in All)
        {
            if (scope.Network.Subnet.Contains(address))
            {
                return scope;
            }
        }

        return null;
    }

    // A client in a subnet behind a relay renews by itself, through a router: there its own address tells, if it has it from here; an INFORM takes
    // nothing. Whoever is heard directly may say by option 118 where he is, but not be elsewhere: else one machine could empty every pool.
    private DhcpScope? FindOnLink(in DhcpClient client, out HopDetail why)
    {
        why = default;
        var address = client.Request.ClientAddress;
        var own = ScopeOf(address) is { } scope && (client.Request.MessageType == DhcpMessageType.Inform || scope.IsOf(client.Mac, address)) ? scope : _link;
        if (!client.Request.TryGetAddress(DhcpOptionCode.SubnetSelection, out var selected) || own.Network.Subnet.Contains(selected))
        {
            return own;
        }

        why = new HopDetail(DhcpReasons.SelectsByItself) { Address = selected };
        return null;
    }
}
