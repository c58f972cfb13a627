using System.Text.Json.Nodes;
using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Server.Import;

/// <summary>
/// The key <c>network</c> of the first Mayu, in both shapes. In the one of 2016 one interface is for everything, and <c>pxe</c> is true or false; in
/// the later one the server's interface is in <c>pxe.pxe_interface</c>, and <c>primary_nic</c> is that of the machines.
/// </summary>
internal static class OldNetwork
{
    private const string OneSubnet = "the permanent addresses must be in the subnet that machines boot in: set network.internal_range, and put this interface into network.extra_nics";

    /// <summary>Adds <c>network</c>, and <c>engine</c> where it is not the default.</summary>
    /// <param name="old">The old section.</param>
    /// <param name="address">The server's address, if it was told; it wins.</param>
    /// <param name="into">The new configuration.</param>
    public static void Add(OldSection old, string? address, JsonObject into)
    {
        if (PxeOf(old, out var pxe) == false)
        {
            into["engine"] = "external";
        }

        var primary = old.Section("primary_nic");
        var network = new JsonObject();
        var nic = pxe.Text("interface_name") ?? old.Text("interface");
        old.Take("interface");
        if (nic is not null)
        {
            network["interface"] = nic;
        }

        var told = old.Address("bind_addr");
        var own = address ?? (told is { IsAny: false } bound ? bound.ToString() : null);
        if (own is not null)
        {
            network["address"] = own;
        }
        else
        {
            old.Lose("bind_addr", "it names no address: pass this server's address on the interface with --address");
        }

        AddRanges(old, primary, pxe, network);
        AddServers(old, primary, pxe, network);
        OldNics.Add(primary.IsGiven ? primary : old, network);
        primary.Lose("interface_name", "machines know their primary interface by its MAC");
        primary.Close();
        var extra = new JsonArray([.. old.Sections("extra_nics").Select(ExtraNic).OfType<JsonNode>()]);
        if (extra.Count > 0)
        {
            network["extra_nics"] = extra;
        }

        // Firmware is told apart by what it sends.
        old.Take("uefi");
        pxe.Close();
        old.Close();
        into["network"] = network;
    }

    private static void AddRanges(OldSection old, OldSection primary, OldSection pxe, JsonObject network)
    {
        var bootstrap = OldNics.RangeOf(old.Section("bootstrap_range"));
        bootstrap = OldNics.RangeOf(pxe.Section("ip_range")) ?? bootstrap;
        var permanent = OldNics.RangeOf(old.Section("ip_range"));
        permanent = OldNics.RangeOf(primary.Section("ip_range")) ?? permanent;
        var (pxePrefix, prefix) = (pxe.Prefix("subnet_size"), old.Prefix("subnet_size"));
        var primaryPrefix = primary.Prefix("subnet_size");
        var subnet = (pxePrefix ?? prefix ?? primaryPrefix) is { } length && (bootstrap ?? permanent) is { } known ? OldNics.SubnetOf(known.Start, length) : null;
        if (subnet is not null)
        {
            network["subnet"] = subnet;
        }

        if (bootstrap is { } boot)
        {
            network["bootstrap_range"] = OldNics.RangeOf(boot);
        }

        if (permanent is { } range && (subnet is null || !Ipv4Subnet.TryParse(subnet, out var parsed) || parsed!.Contains(range.Start)))
        {
            network["internal_range"] = OldNics.RangeOf(range);
        }
        else
        {
            primary.Lose("ip_range", OneSubnet);
        }
    }

    // Whether the first Mayu answered DHCP; null: it is not said.
    private static bool? PxeOf(OldSection old, out OldSection pxe)
    {
        if (old.Take("pxe") is not YamlMap)
        {
            pxe = new OldSection(old.PathOf("pxe"), null, []);
            return old.Flag("pxe");
        }

        var section = old.Section("pxe");
        var isEnabled = section.Flag("enabled");
        pxe = section.Section("pxe_interface");
        section.Close();
        return isEnabled;
    }

    private static void AddServers(OldSection old, OldSection primary, OldSection pxe, JsonObject network)
    {
        var gateways = new[] { old.Address("router"), primary.Address("subnet_gateway"), old.Address("subnet_gateway"), pxe.Address("subnet_gateway") };
        if (gateways.FirstOrDefault(one => one is not null) is { } router)
        {
            network["router"] = router.ToString();
        }

        var (dns, ntp, own) = (old.Addresses("dns"), old.Addresses("ntp"), primary.Addresses("dns"));
        dns = own.Count > 0 ? own : dns;
        if (dns.Count > 0)
        {
            network["dns"] = dns;
        }

        if (ntp.Count > 0)
        {
            network["ntp"] = ntp;
        }
    }

    private static JsonObject? ExtraNic(OldSection section)
    {
        var (name, range, prefix, dns) = (section.Text("interface_name"), OldNics.RangeOf(section.Section("ip_range")), section.Prefix("subnet_size"), section.Addresses("dns"));
        section.Lose("subnet_gateway", "an extra interface has no default router: add an entry to its routes");
        var nic = new JsonObject();
        if (name is not null)
        {
            nic["name"] = name;
        }

        if (range is { } addresses && prefix is { } length)
        {
            nic["subnet"] = OldNics.SubnetOf(addresses.Start, length);
            nic["range"] = OldNics.RangeOf(addresses);
        }

        if (dns.Count > 0)
        {
            nic["dns"] = dns;
        }

        OldNics.Add(section, nic);
        section.Close();
        return nic;
    }
}
