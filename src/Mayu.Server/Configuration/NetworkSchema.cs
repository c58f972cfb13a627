using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Leases;
using Mayu.Primitives;

namespace Mayu.Server.Configuration;

/// <summary>The keys of <c>network</c>.</summary>
internal static class NetworkSchema
{
    /// <summary>Asks for every key of the network.</summary>
    /// <param name="section">The section.</param>
    /// <param name="engine">Who answers DHCP: an external engine has an interface of its own.</param>
    /// <param name="mode">Whether addresses are leased here at all.</param>
    public static (NetworkPlan? Network, AddressPools? Pools, string? Interface, ImmutableArray<BootSubnet> Subnets) Bind(
        ConfigurationSection section, EngineKind engine, DhcpMode mode)
    {
        var leases = engine != EngineKind.External && mode != DhcpMode.Proxy;
        var nic = engine != EngineKind.External
            ? section.Required<string>("interface", "interface name", "The interface on which DHCP and TFTP answer. They answer on no other, except those of `network.segments`.", Parse.InterfaceName)
            : section.Optional<string?>("interface", "interface name", "The interface on which internal addresses are probed with ARP.", Parse.InterfaceName!, null, "none");
        var address = section.Required<Ipv4>("address", "address", "This server's address on that interface. With `engine: external`: any address of this host, in any subnet.", Parse.Address);
        var subnet = section.Required<Ipv4Subnet>("subnet", "subnet", "The subnet of the machines.", Parse.Subnet);
        var bootstrapSection = section.Section("bootstrap_range");
        var bootstrap = leases || bootstrapSection.IsGiven ? BindRange(bootstrapSection, "of the addresses for machines that are bootstrapping", subnet, LeasePool.MaximumSize) : null;
        var internalRange = BindRange(section.Section("internal_range"), "of the permanent addresses of machines", subnet);
        var router = section.Optional<Ipv4?>("router", "address", "The default router of the machines.", Parse.NullableAddress, null, "none");
        var dns = section.List<Ipv4>("dns", "address", "Name servers.", Parse.Address);
        var ntp = section.List<Ipv4>("ntp", "address", "Time servers.", Parse.Address);
        var domain = section.Optional<string?>("domain", "domain", "The DNS domain.", Parse.Name!, null, "none");
        var lease = section.Optional("lease_time", "time", "How long an address is leased, 2m to 24h.", Parse.LeaseTime, TimeSpan.FromHours(1), "1h");
        var excluded = section.List<Ipv4Range>("excluded", "address or range", "Addresses of `internal_range` and of the ranges of `extra_nics` that are never given out, such as `10.0.0.20` or `10.0.0.30-10.0.0.39`.", Parse.AddressOrRange);
        var probe = section.Optional("probe", "`true` or `false`", "Whether Mayu probes an internal address with ARP before a machine gets it. An address that answers is skipped and reported.", Parse.Flag, true, "true");
        var extra = section.Sections("extra_nics", BindExtraNic);
        var model = NicModelSchema.Bind(section, subnet);
        var network = subnet is null || (leases && bootstrap is null) ? null : new NetworkPlan
        {
            Subnet = subnet,
            ServerAddress = address,
            BootstrapRange = bootstrap,
            Router = router,
            Dns = [.. dns],
            Ntp = [.. ntp],
            Domain = domain,
            LeaseTime = lease,
            Model = model,
        };
        var subnets = BootSubnetSchema.Bind(section, network, nic, engine, mode);
        section.Close();
        CheckExtraNics(section, extra, subnet);
        NicModelSchema.Check(section, "model", "", model, isPrimary: true);
        CheckRouter(section, router, subnet);
        if (bootstrap is not null && internalRange is not null && bootstrap.Overlaps(internalRange))
        {
            section.Problem("internal_range", $"{internalRange} overlaps bootstrap_range {bootstrap}");
        }

        return network is null || internalRange is null
            ? (null, null, nic, subnets)
            : (network, new AddressPools(internalRange, [.. extra.OfType<ExtraNic>()], [.. excluded], probe), nic, subnets);
    }

    /// <summary>A router that machines cannot reach directly is none.</summary>
    internal static void CheckRouter(ConfigurationSection section, Ipv4? router, Ipv4Subnet? subnet)
    {
        if (router is { } address && subnet is not null && (!subnet.Contains(address) || (subnet.PrefixLength < 31 && (address == subnet.Network || address == subnet.Broadcast))))
        {
            section.Problem("router", $"{address} is not a host address in {subnet}: machines cannot reach it");
        }
    }

    internal static Ipv4Range? BindRange(ConfigurationSection section, string what, Ipv4Subnet? subnet, uint most = uint.MaxValue)
    {
        var before = section.ProblemCount;
        var start = section.Required<Ipv4>("start", "address", $"First {what}.", Parse.Address);
        var end = section.Required<Ipv4>("end", "address", $"Last {what}.", Parse.Address);
        section.Close();
        if (section.ProblemCount > before)
        {
            return null;
        }

        if (end < start)
        {
            section.Problem("end", $"{end} is below the start {start}");
            return null;
        }

        if (end.Value - start.Value >= most)
        {
            section.Problem("end", $"{start}-{end} has {(long)end.Value - start.Value + 1} addresses; at most {most} are allowed");
        }

        foreach (var (key, address) in new[] { ("start", start), ("end", end) })
        {
            if (subnet is not null && (!subnet.Contains(address) || address == subnet.Network || address == subnet.Broadcast))
            {
                section.Problem(key, $"{address} is not a host address of the subnet {subnet}");
            }
        }

        return new Ipv4Range(start, end);
    }

    private static ExtraNic? BindExtraNic(ConfigurationSection section)
    {
        var name = section.Required<string>("name", "interface name", "The name that the machine's system gives to another interface. Each machine gets an address for it.", Parse.InterfaceName);
        var subnet = section.Required<Ipv4Subnet>("subnet", "subnet", "The subnet of that interface.", Parse.Subnet);
        var range = BindRange(section.Section("range"), "of the addresses for that interface", subnet);
        var dns = section.List<Ipv4>("dns", "address", "Name servers that machines use over that interface.", Parse.Address);
        var model = NicModelSchema.Bind(section, subnet);
        return name is not null && subnet is not null && range is not null ? new ExtraNic(name, subnet, range) { Model = model, Dns = [.. dns] } : null;
    }

    private static void CheckExtraNics(ConfigurationSection section, IReadOnlyList<ExtraNic?> extra, Ipv4Subnet? primary)
    {
        section.Repeated("extra_nics", extra.OfType<ExtraNic>(), nic => nic.Name, (name, count) => $"there are {count} interfaces with the name \"{name}\"");
        foreach (var (nic, other) in extra.OfType<ExtraNic>().SelectMany((nic, i) => extra.OfType<ExtraNic>().Skip(i + 1).Select(other => (nic, other))))
        {
            if (nic.Range.Overlaps(other.Range))
            {
                section.Problem("extra_nics", $"the ranges of {nic.Name} and {other.Name} overlap");
            }
        }

        foreach (var nic in extra.OfType<ExtraNic>())
        {
            NicModelSchema.Check(section, "extra_nics", $"{nic.Name}: ", nic.Model, isPrimary: false);
        }

        foreach (var nic in extra.OfType<ExtraNic>().Where(nic => primary is not null && primary.Contains(nic.Range.Start)))
        {
            section.Problem("extra_nics", $"the range {nic.Range} of {nic.Name} is in network.subnet {primary}: each interface needs its own subnet");
        }
    }
}

/// <summary>Where machines' own addresses come from.</summary>
/// <param name="Internal">Those of the primary interface.</param>
/// <param name="Extra">Further interfaces, each with its range.</param>
/// <param name="Excluded">What is never given out.</param>
/// <param name="Probe">Whether the wire is asked first.</param>
internal sealed record AddressPools(Ipv4Range Internal, ImmutableArray<ExtraNic> Extra, ImmutableArray<Ipv4Range> Excluded, bool Probe);
