using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Leases;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Server.Configuration;

/// <summary>The keys of <c>dhcp</c>.</summary>
internal static class DhcpSchema
{
    private const string Mtu = "The MTU that is sent to clients (option 26), 68 to 65535.";

    /// <summary>Asks for <c>mode</c> alone: what the network needs depends on it.</summary>
    public static DhcpMode BindMode(ConfigurationSection section) => section.Optional(
        "mode",
        "`server`, `proxy` or `auto`",
        "`server`: Mayu gives out addresses. `proxy`: another DHCP server gives out the addresses and Mayu sends only the boot file (proxyDHCP); "
            + "`network.bootstrap_range` is optional. `auto`: Mayu gives out addresses as long as no other DHCP server answers.",
        Parse.OneOf(("server", DhcpMode.Server), ("proxy", DhcpMode.Proxy), ("auto", DhcpMode.Auto)),
        DhcpMode.Server,
        "server");

    /// <summary>Why options of the operator's would reach nobody; null: clients are told them.</summary>
    public static string? WhyNoOptions(EngineKind engine, DhcpMode mode) =>
        engine == EngineKind.External ? "another program answers DHCP (engine: external); configure the option there"
        : mode == DhcpMode.Proxy ? "with dhcp.mode: proxy clients get their options from the other DHCP server"
        : null;

    /// <summary>Asks for every other key of the section.</summary>
    /// <param name="section">The section.</param>
    /// <param name="mode">What <see cref="BindMode"/> said.</param>
    /// <param name="network">What reservations must fit to; null where that has problems of its own.</param>
    /// <param name="subnets">The further subnets.</param>
    /// <param name="pools">The addresses that machines have for good.</param>
    /// <param name="whyNoOptions">Why no client is told any option of the operator's; null: they are.</param>
    public static DhcpSettings Bind(
        ConfigurationSection section, DhcpMode mode, NetworkPlan? network, ImmutableArray<BootSubnet> subnets, AddressPools? pools, string? whyNoOptions)
    {
        var standard = new DhcpSettings();
        var authoritative = section.Optional("authoritative", "`true` or `false`",
            "Whether Mayu refuses (DHCPNAK) a request for an address that it does not manage, so that the client starts over at once. Use it only if there is no other DHCP server on the network.",
            Parse.Flag, standard.Authoritative, "false");
        var probe = section.Optional("probe", "`true` or `false`",
            "Whether Mayu probes an address with ARP (behind relays: with ping) before it offers the address. Only that client waits.",
            Parse.Flag, standard.Probes, "true");
        var trial = section.Optional("unknown_lease_time", "time", "The lease time for a client that is not a known machine and has not fetched its boot script yet, 2m to 24h; `lease_time` if that is shorter.",
            Parse.LeaseTime, standard.TrialTime, "10m");
        var share = section.Optional("known_share", "percent", "The percentage of each pool that is reserved for known machines, 0 to 90; never more addresses than there are machines.",
            Parse.Number(0, 90), standard.KnownShare, $"{standard.KnownShare}");
        var own = section.Optional("own_addresses", "`true` or `false`", "Whether the installed system of a machine, if it asks by DHCP, gets the machine's permanent internal address instead of one of the bootstrap range.",
            Parse.Flag, standard.OwnAddresses, "false");
        var question = section.Optional("auto_interval", "time",
            "About how often Mayu looks for another DHCP server with `mode: auto`, 1s to 10m. After ten queries without an answer Mayu gives out addresses again.",
            Parse.Time("1s", "10m"), standard.AutoInterval, "30s");
        var mtu = section.Optional<int?>("mtu", "number", Mtu, Parse.Mtu, null, "none");
        var options = DhcpOptionSchema.Bind(section, whyNoOptions);
        var reservations = section.Sections("reservations", BindReservation).OfType<DhcpReservation>().ToList();
        var ignored = section.List<MacAddress>("ignore", "MAC", "Clients that are never answered.", Parse.Mac);
        section.Close();
        if (authoritative && mode != DhcpMode.Server)
        {
            section.Problem("authoritative", "with another DHCP server its clients would be refused; it requires `mode: server`");
        }

        if (mtu is not null && whyNoOptions is not null)
        {
            section.Problem("mtu", $"no client would get it: {whyNoOptions}");
        }

        if (mtu is not null && options.Any(option => option.Code == DhcpOptionCode.InterfaceMtu && option.VendorClass.IsEmpty))
        {
            section.Problem("mtu", "`options` has an entry for option 26 for all clients, which would take its place");
        }

        CheckReservations(section, reservations, network is null ? [] : [network, .. subnets.Select(subnet => subnet.Network)], pools);
        foreach (var reservation in reservations.Where(reservation => ignored.Contains(reservation.Mac)))
        {
            section.Problem("ignore", $"{reservation.Mac} has a reservation, so it cannot be ignored");
        }

        return new DhcpSettings
        {
            Mode = mode,
            Authoritative = authoritative,
            Probes = probe,
            TrialTime = trial,
            AutoInterval = question,
            KnownShare = share,
            OwnAddresses = own,
            Options = mtu is { } bytes
                ? [.. options, new DhcpOptionSetting(DhcpOptionCode.InterfaceMtu, [(byte)(bytes >> 8), (byte)bytes])]
                : [.. options],
            Reservations = [.. reservations],
            Ignored = ignored.ToFrozenSet(),
        };
    }

    private static DhcpReservation? BindReservation(ConfigurationSection section)
    {
        var mac = section.Required<MacAddress?>("mac", "MAC", "The client that always gets the same address.", Parse.NullableMac);
        var address = section.Required<Ipv4?>("address", "address", "Its address, in a subnet that Mayu serves. If it is in the bootstrap range, no other client gets it.", Parse.NullableAddress);
        var hostname = section.Optional<string?>("hostname", "name", "The host name that is sent to it (option 12).", Parse.Name!, null, "none");
        return mac is { } client && address is { } reserved ? new DhcpReservation(client, reserved, hostname) : null;
    }

    private static void CheckReservations(ConfigurationSection section, List<DhcpReservation> reservations, ImmutableArray<NetworkPlan> networks, AddressPools? pools)
    {
        section.Repeated("reservations", reservations, reservation => reservation.Address, (address, count) => $"{address} is reserved {count} times");
        section.Repeated("reservations", reservations, reservation => (reservation.Mac, NetworkOf(reservation.Address)?.Subnet), (of, count) =>
            $"{of.Mac} has {count} reservations in one subnet");

        foreach (var (mac, address, _) in reservations.Where(_ => !networks.IsEmpty && pools is not null))
        {
            if (NetworkOf(address) is not { } network || address == network.Subnet.Network || address == network.Subnet.Broadcast)
            {
                section.Problem("reservations", $"{address} of {mac} is not a host address of a served subnet: {string.Join(", ", networks.Select(served => served.Subnet))}");
            }
            else if (address == network.ServerAddress || address == network.Router)
            {
                section.Problem("reservations", $"{address} of {mac} belongs to this server or the router");
            }
            else if (pools!.Internal.Contains(address))
            {
                section.Problem("reservations", $"{address} of {mac} is in network.internal_range, where machines get their permanent addresses; choose another one");
            }
        }

        NetworkPlan? NetworkOf(Ipv4 address) => networks.FirstOrDefault(network => network.Subnet.Contains(address));
    }
}
