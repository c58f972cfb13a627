using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Core.Boot;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Dhcp;

// Which subnet a client is in.
internal sealed partial class DhcpResponder
{
    // Relays are answered by name only: a forged relay address would have this server send to whoever it names.
    private bool IsFromHere(in DhcpPacket request)
    {
        var relay = request.RelayAddress;
        if (request.RelayAddress.IsAny || _byRelay.ContainsKey(relay))
        {
            return true;
        }

        if (_foreignRelays.Count < MostForeignRelays && _foreignRelays.Add(relay))
        {
            LogForeignRelay(relay);
        }

        return false;
    }

    // The relay says it (RFC 3527), else the client by way of the relay (RFC 3011), else the relay's own address does: in that order. An
    // option 118 that is no address is as none: its client may be anybody.
    private DhcpScope? FindScope(in DhcpPacket request, MacAddress client, in RelayAgentInformation information, out HopDetail why)
    {
        why = default;
        if (request.RelayAddress.IsAny)
        {
            return FindOwnScope(request, client, out why);
        }

        var relay = request.RelayAddress;
        if (information.HasLinkSelection)
        {
            var link = information.LinkSelection;
            why = new HopDetail(link is null ? DhcpPhrases.NoLink : DhcpPhrases.LinkOfNobody) { Address = link.GetValueOrDefault(), Number = (int)relay.Value };
            return link is { } address ? ScopeOf(address) : null;
        }

        if (request.TryGetAddress(DhcpOptionCode.SubnetSelection, out var selected))
        {
            why = new HopDetail(DhcpPhrases.SelectedOfNobody) { Address = selected };
            return ScopeOf(selected);
        }

        why = new HopDetail(DhcpPhrases.RelayOfSeveral) { Address = relay };
        return _byRelay[relay];
    }

    // A client in a subnet behind a relay renews by itself, through a router: there its own address tells, if it has it from here; an INFORM takes
    // nothing. Whoever is heard directly may say by option 118 where he is, but not be elsewhere: else one machine could empty every pool.
    private DhcpScope? FindOwnScope(in DhcpPacket request, MacAddress client, out HopDetail why)
    {
        why = default;
        var address = request.ClientAddress;
        var own = ScopeOf(address) is { } scope && (request.MessageType == DhcpMessageType.Inform || scope.IsOf(client, address)) ? scope : _link;
        if (!request.TryGetAddress(DhcpOptionCode.SubnetSelection, out var selected) || own.Network.Subnet.Contains(selected))
        {
            return own;
        }

        why = new HopDetail(DhcpPhrases.SelectsByItself) { Address = selected };
        return null;
    }

    private DhcpScope? ScopeOf(Ipv4 address)
    {
        foreach (var scope in _scopes)
        {
            if (scope.Network.Subnet.Contains(address))
            {
                return scope;
            }
        }

        return null;
    }

    // A relay of several subnets that does not say which is one of that which its own address is in (RFC 2131 §4.3.1), if it is one of them.
    private static FrozenDictionary<Ipv4, DhcpScope?> ByRelay(ImmutableArray<DhcpScope> scopes) => scopes
        .SelectMany(scope => scope.Settings.Relays.Select(relay => (Relay: relay, Scope: scope)))
        .GroupBy(one => one.Relay, one => one.Scope)
        .ToFrozenDictionary(group => group.Key, DhcpScope? (group) => group.Count() == 1 ? group.Single() : group.FirstOrDefault(scope => scope.Network.Subnet.Contains(group.Key)));
}
