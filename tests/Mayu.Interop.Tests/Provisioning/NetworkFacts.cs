using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mayu.Core.Addresses;
using Mayu.Core.Tests.Yaml;
using Mayu.Core.Yaml;

namespace Mayu.Interop.Tests.Provisioning;

/// <summary>What a network configuration says, as sorted sentences that are the same in each format: addresses, routes, name servers, MTUs, members, VLANs.</summary>
internal static partial class NetworkFacts
{
    /// <summary>The card that has the MAC of <see cref="SampleMachine"/>.</summary>
    public const string Card = "eth0";

    /// <summary>What one of <see cref="NetworkSnippetTests.Models"/> says.</summary>
    public static IEnumerable<string> Expected(string name)
    {
        var (model, extra) = NetworkSnippetTests.Models[name];
        var link = model.Kind == NicKind.Plain ? Card : model.Name ?? (model.Kind == NicKind.Bond ? "bond0" : "br0");
        var facts = OfModel(model, link, model.VlanId is { } id ? $"vlan{id}" : link, "10.0.0.10/24", "10.0.0.1 10.0.0.2").Append($"{(model.VlanId is { } vlan ? $"vlan{vlan}" : link)} route 0.0.0.0/0 via 10.0.0.1");
        foreach (var nic in extra)
        {
            facts = facts.Concat(OfModel(nic.Model, nic.Model.Kind != NicKind.Plain && nic.Model.VlanId is not null ? "bond1" : nic.Name, nic.Name, $"{nic.Range.Start}/24", "10.1.0.1"));
        }

        return Sorted(facts);
    }

    /// <summary>What a document of netplan says.</summary>
    public static IEnumerable<string> OfNetplan(string text)
    {
        var network = YamlToJson.Convert(YamlLoader.Load(text))!["network"]!;
        var kinds = new[] { "ethernets", "bonds", "bridges", "vlans" }.SelectMany(kind => network[kind]?.AsObject().Select(entry => (Kind: kind, Id: entry.Key, Nic: entry.Value!)) ?? []).ToList();
        var names = kinds.ToDictionary(
            one => one.Id, one => (string?)one.Nic["match"]?["macaddress"] == SampleMachine.Mac ? Card : (string?)one.Nic["match"]?["name"] ?? one.Id, StringComparer.Ordinal);
        return Sorted(kinds.SelectMany(one => OfNetplan(names[one.Id], one.Kind, one.Nic, names)));
    }

    /// <summary>What a file of ifupdown says.</summary>
    public static IEnumerable<string> OfInterfaces(string text) => Sorted(Stanza().Matches(text).SelectMany(stanza =>
    {
        var name = stanza.Groups["name"].Value;
        var options = stanza.Groups["options"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => line.Split(' ', 2)).ToList();
        var isBond = options.Any(option => option is ["bond-slaves", ..]);
        return options.Select(option => option switch
        {
            ["address", var address] => $"{name} address {address}",
            ["mtu", var mtu] => $"{name} mtu {mtu}",
            ["dns-nameservers", var servers] when name != "lo" => $"{name} dns {servers}",
            ["bond-master", var bond] => $"{bond} member {name}",
            ["bond-mode", var mode] when isBond => $"{name} mode {mode}",
            ["bond-lacp-rate", var rate] when isBond => $"{name} lacp-rate {rate}",
            ["bridge_ports", var port] => $"{name} member {port}",
            ["vlan_id", var id] => $"{name} VLAN {id}",
            ["vlan-raw-device", var link] => $"{name} on {link}",
            ["post-up", var command] when Route().Match(command) is { Success: true } route => $"{name} route {(route.Groups["to"].Success ? route.Groups["to"].Value : "0.0.0.0/0")} via {route.Groups["via"].Value}",
            _ => null,
        }).OfType<string>();
    }));

    /// <summary>What files of systemd-networkd say.</summary>
    public static IEnumerable<string> OfNetworkd(IEnumerable<string> files) => Sorted(files.SelectMany(text =>
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).ToList();
        var name = lines.Single(line => line[0] == "Name")[1];
        return lines.Select((line, i) => line switch
        {
            ["Address", var address] => $"{name} address {address}",
            ["MTUBytes", var mtu] => $"{name} mtu {mtu}",
            ["DNS", var servers] => $"{name} dns {servers}",
            ["Destination", var to] => $"{name} route {to} via {lines[i + 1][1]}",
            _ => null,
        }).OfType<string>();
    }));

    private static IEnumerable<string> OfModel(NicModel model, string link, string device, string address, string dns)
    {
        IEnumerable<string> members = model.Members.IsEmpty ? [Card] : model.Members;
        IEnumerable<string> linked = model.Kind == NicKind.Plain ? [] : members.Select(member => $"{link} member {member}");
        IEnumerable<string> bond = model.Kind != NicKind.Bond ? [] : model.BondMode == "802.3ad" ? [$"{link} mode {model.BondMode}", $"{link} lacp-rate {model.LacpRate}"] : [$"{link} mode {model.BondMode}"];
        IEnumerable<string> vlan = model.VlanId is { } id ? [$"{device} VLAN {id}", $"{device} on {(model.Kind == NicKind.Plain ? members.First() : link)}"] : [];
        IEnumerable<string> own = model is { Kind: NicKind.Plain, VlanId: null } ? [device] : model.Kind == NicKind.Plain ? [.. members, device] : [.. members, link, device];
        IEnumerable<string> mtus = model.Mtu is { } mtu ? own.Distinct(StringComparer.Ordinal).Select(name => $"{name} mtu {mtu}") : [];
        return [$"{device} address {address}", $"{device} dns {dns}", .. linked, .. bond, .. vlan, .. mtus, .. model.Routes.Select(route => $"{device} route {route.To} via {route.Via}")];
    }

    private static IEnumerable<string> OfNetplan(string name, string kind, JsonNode nic, Dictionary<string, string> names) =>
    [
        .. List(nic["addresses"]).Select(address => $"{name} address {address}"),
        .. nic["nameservers"] is { } servers ? [$"{name} dns {string.Join(' ', List(servers["addresses"]))}"] : (string[])[],
        .. nic["mtu"] is { } mtu ? [$"{name} mtu {mtu}"] : (string[])[],
        .. List(nic["interfaces"]).Select(member => $"{name} member {names[member]}"),
        .. nic["parameters"]?["mode"] is { } mode ? [$"{name} mode {mode}"] : (string[])[],
        .. nic["parameters"]?["lacp-rate"] is { } rate ? [$"{name} lacp-rate {rate}"] : (string[])[],
        .. kind == "vlans" ? [$"{name} VLAN {nic["id"]}", $"{name} on {names[(string)nic["link"]!]}"] : (string[])[],
        .. nic["routes"]?.AsArray().Select(route => $"{name} route {route!["to"]} via {route["via"]}") ?? [],
    ];

    private static IEnumerable<string> List(JsonNode? list) => list?.AsArray().Select(item => (string)item!) ?? [];

    private static IEnumerable<string> Sorted(IEnumerable<string> facts) => [.. facts.Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"(?m)^iface (?<name>\S+) inet \w+\n(?<options>(    .*\n)*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Stanza();

    [GeneratedRegex(@"^route add( default| -net (?<to>\S+)) gw (?<via>\S+) \|\| true$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Route();
}
