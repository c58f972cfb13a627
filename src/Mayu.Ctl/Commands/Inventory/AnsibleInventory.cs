using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mayu.Client.Contracts;

namespace Mayu.Ctl.Commands.Inventory;

/// <summary>
/// Machines as an inventory of Ansible. A text that comes from a machine or an operator is marked as unsafe unless it is harmless: Ansible would run a template in it.
/// </summary>
internal sealed partial class AnsibleInventory
{
    /// <summary>The key of an object that says: this text is no template. The tag <c>!unsafe</c> in YAML.</summary>
    public const string Unsafe = "__ansible_unsafe";

    // Names that mean something else to Ansible.
    private static readonly string[] Reserved = ["all", "ungrouped", "localhost"];

    private readonly List<(string Host, Machine Machine)> _hosts;
    private readonly AnsibleGroups _groups;

    /// <summary>Of machines; those without an address are left out.</summary>
    public AnsibleInventory(IReadOnlyList<Machine> machines)
    {
        var reachable = machines.Where(machine => machine.InternalAddress is not null).ToList();
        var names = reachable.ToLookup(machine => machine.Hostname ?? "", StringComparer.Ordinal);
        _hosts = [.. reachable.Select(machine => (HostOf(machine, names), machine))];
        _groups = new AnsibleGroups(_hosts);
    }

    /// <summary>The fields of a machine that it is made of.</summary>
    public static IReadOnlyList<string> Fields { get; } =
        ["serial", "hostname", "macAddresses", "state", "profile", "internalAddress", "bmcAddress", "image", "enabled", "metadata", "cabinet"];

    /// <summary>Which names would have been one group, a sentence each.</summary>
    public IReadOnlyList<string> Ambiguous => _groups.Ambiguous;

    /// <summary>What an inventory script prints for <c>--list</c>.</summary>
    public JsonObject ToList()
    {
        var list = new JsonObject
        {
            ["_meta"] = new JsonObject { ["hostvars"] = Variables() },
            ["all"] = new JsonObject { ["children"] = new JsonArray([.. _groups.Hosts.Select(group => (JsonNode)group.Key)]) },
        };
        foreach (var (group, hosts) in _groups.Hosts)
        {
            list[group] = new JsonObject { ["hosts"] = new JsonArray([.. hosts.Select(host => (JsonNode)host)]) };
        }

        return list;
    }

    /// <summary>What an inventory script prints for <c>--host</c>; nothing for a host that it does not have.</summary>
    public JsonObject ToHost(string host) => _hosts.Find(one => one.Host == host) is { Machine: { } machine } ? VariablesOf(machine) : [];

    /// <summary>An inventory file.</summary>
    public JsonObject ToFile()
    {
        var children = new JsonObject();
        foreach (var (group, hosts) in _groups.Hosts)
        {
            children[group] = new JsonObject { ["hosts"] = new JsonObject(hosts.Select(host => KeyValuePair.Create(host, (JsonNode?)new JsonObject()))) };
        }

        return new JsonObject { ["all"] = new JsonObject { ["hosts"] = Variables(), ["children"] = children } };
    }

    // The host name, where it is one machine's alone. The serial may hold what patterns of Ansible are made of.
    private static string HostOf(Machine machine, ILookup<string, Machine> names) =>
        machine.Hostname is { } name && HostName().IsMatch(name) && !Reserved.Contains(name) && names[name].Count() == 1
            ? name
            : "mayu_" + Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(machine.Serial));

    private JsonObject Variables() => new(_hosts.Select(one => KeyValuePair.Create(one.Host, (JsonNode?)VariablesOf(one.Machine))));

    private static JsonObject VariablesOf(Machine machine)
    {
        var variables = new JsonObject
        {
            ["ansible_host"] = Text(machine.InternalAddress!),
            ["mayu_serial"] = Text(machine.Serial),
            ["mayu_state"] = Text(machine.State),
            ["mayu_enabled"] = machine.Enabled,
            ["mayu_tags"] = new JsonArray([.. machine.Metadata.Select(Text)]),
            ["mayu_mac_addresses"] = new JsonArray([.. machine.MacAddresses.Select(Text)]),
        };
        foreach (var (name, value) in new[]
        {
            ("hostname", machine.Hostname), ("profile", machine.Profile), ("image", machine.Image), ("bmc_address", machine.BmcAddress), ("cabinet", machine.Cabinet),
        })
        {
            if (value is not null)
            {
                variables["mayu_" + name] = Text(value);
            }
        }

        return variables;
    }

    private static JsonNode Text(string text) => Harmless().IsMatch(text) ? JsonValue.Create(text) : new JsonObject { [Unsafe] = text };

    [GeneratedRegex(@"\A[A-Za-z0-9._:/=+,@ -]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Harmless();

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostName();
}
