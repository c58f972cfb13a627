using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Leases;
using Mayu.Primitives;

namespace Mayu.Server.Configuration;

/// <summary>The keys of <c>network.segments</c> and <c>network.relayed</c>.</summary>
internal static class BootSubnetSchema
{
    private const int MostSubnets = 1024;

    /// <summary>Asks for every key of both lists.</summary>
    /// <param name="section">The section <c>network</c>.</param>
    /// <param name="main">What stands there itself; name servers, time servers, domain and lease time are inherited. Null where it has problems.</param>
    /// <param name="nic">The interface that stands there.</param>
    /// <param name="engine">Who answers DHCP. Behind another program interfaces may be left out, and this server's addresses be anywhere.</param>
    /// <param name="mode">Whether addresses are leased here at all: else the ranges may be left out.</param>
    public static ImmutableArray<BootSubnet> Bind(ConfigurationSection section, NetworkPlan? main, string? nic, EngineKind engine, DhcpMode mode)
    {
        var (leases, isExternal) = (engine != EngineKind.External && mode != DhcpMode.Proxy, engine == EngineKind.External);
        var whyNoOptions = DhcpSchema.WhyNoOptions(engine, mode);
        var segments = section.Sections("segments", entry => BindSegment(entry, main, leases, isExternal, whyNoOptions)).OfType<BootSubnet>().ToList();
        var relayed = section.Sections("relayed", entry => BindRelayed(entry, main, nic, segments, leases, whyNoOptions)).OfType<BootSubnet>().ToList();
        if (main is not null)
        {
            Check(section, main, nic, segments, relayed, isExternal);
        }

        return [.. segments, .. relayed];
    }

    private static BootSubnet? BindSegment(ConfigurationSection section, NetworkPlan? main, bool leases, bool isExternal, string? whyNoOptions)
    {
        const string Meaning = "Another interface that machines boot from. DHCP, TFTP and boot HTTP answer there too.";
        var nic = isExternal
            ? section.Optional("interface", "interface name", Meaning, Parse.InterfaceName, "", "none")
            : section.Required<string>("interface", "interface name", Meaning, Parse.InterfaceName);
        var address = section.Required<Ipv4?>("address", "address", "This server's address on that interface.", Parse.NullableAddress);
        return BindCommon(section, main, address, leases, whyNoOptions) is { } subnet && nic is not null ? subnet with { Interface = nic } : null;
    }

    private static BootSubnet? BindRelayed(ConfigurationSection section, NetworkPlan? main, string? mainNic, List<BootSubnet> segments, bool leases, string? whyNoOptions)
    {
        var relays = section.List<Ipv4>("relays", "address", "The relays of this subnet, by the address that they write into packets (giaddr). Packets from a relay that no subnet lists are dropped. A relay that several subnets list must name the subnet by link selection, or its address must be in the subnet.", Parse.Address);
        var nic = section.Optional<string?>("interface", "interface name", "The interface on which the relays' packets arrive.", Parse.InterfaceName!, mainNic, "`network.interface`");
        var server = nic == mainNic ? main?.ServerAddress : segments.Find(segment => segment.Interface == nic)?.Network.ServerAddress;
        if (nic is not null && nic != mainNic && server is null)
        {
            section.Problem("interface", $"\"{nic}\" is neither network.interface nor a segment's");
        }

        if (relays.Count == 0)
        {
            section.Problem("relays", "at least one relay is required");
        }

        return BindCommon(section, main, server ?? default, leases, whyNoOptions) is { } subnet ? subnet with { Interface = nic ?? "", Relays = [.. relays] } : null;
    }

    private static BootSubnet? BindCommon(ConfigurationSection section, NetworkPlan? main, Ipv4? server, bool leases, string? whyNoOptions)
    {
        var subnet = section.Required<Ipv4Subnet>("subnet", "subnet", "The subnet of the machines there.", Parse.Subnet);
        var rangeSection = section.Section("bootstrap_range");
        var range = leases || rangeSection.IsGiven
            ? NetworkSchema.BindRange(rangeSection, "of the addresses for machines that are bootstrapping there", subnet, LeasePool.MaximumSize)
            : null;
        var router = section.Optional<Ipv4?>("router", "address", "The default router there. It is not inherited from `network`.", Parse.NullableAddress, null, "none");
        var dns = section.List<Ipv4>("dns", "address", "The name servers there. If the list is empty: those of `network`.", Parse.Address);
        var ntp = section.List<Ipv4>("ntp", "address", "The time servers there. If the list is empty: those of `network`.", Parse.Address);
        var domain = section.Optional<string?>("domain", "domain", "The DNS domain there.", Parse.Name!, main?.Domain, "`network.domain`");
        var lease = section.Optional("lease_time", "time", "How long an address is leased there, 2m to 24h.", Parse.LeaseTime, main?.LeaseTime ?? TimeSpan.FromHours(1), "`network.lease_time`");
        var authoritative = section.Optional<bool?>("authoritative", "`true` or `false`", "Like `dhcp.authoritative`, for this subnet alone.", Parse.NullableFlag, null, "`dhcp.authoritative`");
        var options = DhcpOptionSchema.Bind(section, whyNoOptions);
        NetworkSchema.CheckRouter(section, router, subnet);
        if (main is null || subnet is null || (leases && range is null) || server is not { } address)
        {
            return null;
        }

        return new BootSubnet
        {
            Interface = "",
            Network = main with
            {
                Subnet = subnet,
                ServerAddress = address,
                BootstrapRange = range,
                Router = router,
                Dns = dns.Count > 0 ? [.. dns] : main.Dns,
                Ntp = ntp.Count > 0 ? [.. ntp] : main.Ntp,
                Domain = domain,
                LeaseTime = lease,
            },
            Authoritative = authoritative,
            Options = options,
        };
    }

    private static void Check(ConfigurationSection section, NetworkPlan main, string? nic, List<BootSubnet> segments, List<BootSubnet> relayed, bool isExternal)
    {
        // Of an external engine's wire nothing is bound to an interface, and this server may be behind a router.
        foreach (var (segment, i) in segments.Select((segment, i) => (segment, i)).Where(_ => !isExternal))
        {
            if (segment.Interface == nic || segments.Take(i).Any(other => other.Interface == segment.Interface))
            {
                section.Problem("segments", $"the interface \"{segment.Interface}\" is listed twice");
            }

            if (!segment.Network.Subnet.Contains(segment.Network.ServerAddress))
            {
                section.Problem("segments", $"address {segment.Network.ServerAddress} is not in subnet {segment.Network.Subnet}");
            }
        }

        // Of several subnets it has to say which it means (RFC 3527), which only a packet shows.
        foreach (var (subnet, relay) in relayed.SelectMany(subnet => subnet.Relays.CountBy(relay => relay).Where(count => count.Value > 1).Select(count => (subnet, count.Key))))
        {
            section.Problem("relayed", $"the relay {relay} is listed twice in {subnet.Network.Subnet}");
        }

        if (segments.Count + relayed.Count > MostSubnets)
        {
            section.Problem("relayed", $"there are {segments.Count + relayed.Count} subnets; at most {MostSubnets} are allowed");
            return;
        }

        CheckOverlaps(section, main, [.. segments.Select(segment => ("segments", segment)), .. relayed.Select(subnet => ("relayed", subnet))]);
    }

    private static void CheckOverlaps(ConfigurationSection section, NetworkPlan main, List<(string Key, BootSubnet Subnet)> further)
    {
        var before = new List<Ipv4Subnet> { main.Subnet };
        foreach (var (key, subnet) in further)
        {
            var network = subnet.Network;
            if (before.Find(other => other.Contains(network.Subnet.Network) || network.Subnet.Contains(other.Network)) is { } other)
            {
                section.Problem(key, $"the subnets {network.Subnet} and {other} overlap");
            }

            if (network.BootstrapRange is { } range && range.Contains(network.ServerAddress))
            {
                section.Problem(key, $"this server's address {network.ServerAddress} is inside bootstrap_range {range}");
            }

            before.Add(network.Subnet);
        }
    }
}
