using System.Text.Json.Nodes;
using Mayu.Primitives;

namespace Mayu.Server.Import;

/// <summary>How the first Mayu's configuration says what the interfaces of machines are made of.</summary>
internal static class OldNics
{
    // The bonding driver knows the modes by number too.
    private static readonly string[] BondModes = ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"];

    /// <summary>The subnet that an address is in.</summary>
    public static string SubnetOf(Ipv4 address, int prefix) => $"{new Ipv4(address.Value & (uint.MaxValue << (32 - prefix)))}/{prefix}";

    /// <summary>A range of addresses; null where it is not whole.</summary>
    public static (Ipv4 Start, Ipv4 End)? RangeOf(OldSection section)
    {
        var (start, end) = (section.Address("start"), section.Address("end"));
        if (start is null || end is null)
        {
            section.Lose("start", "a range needs start and end");
            section.Lose("end", "a range needs start and end");
        }

        section.Close();
        return start is { } first && end is { } last ? (first, last) : null;
    }

    /// <summary>A range as ours.</summary>
    public static JsonObject RangeOf((Ipv4 Start, Ipv4 End) range) => new() { ["start"] = range.Start.ToString(), ["end"] = range.End.ToString() };

    /// <summary>Adds the model and the routes of an interface.</summary>
    /// <param name="section">What has <c>network_model</c> and <c>routes</c>.</param>
    /// <param name="into">Where ours go.</param>
    public static void Add(OldSection section, JsonObject into)
    {
        var routes = new JsonArray();
        foreach (var route in section.Sections("routes"))
        {
            if (route.Text("destination_cidr") is { } to && route.Address("route_hop") is { } via)
            {
                routes.Add((JsonNode)new JsonObject { ["to"] = to, ["via"] = via.ToString() });
            }
            else
            {
                route.Lose("destination_cidr", "a route needs destination_cidr and route_hop");
                route.Lose("route_hop", "a route needs destination_cidr and route_hop");
            }

            route.Close();
        }

        if (routes.Count > 0)
        {
            into["routes"] = routes;
        }

        if (Model(section.Section("network_model")) is { Count: > 0 } model)
        {
            into["model"] = model;
        }
    }

    private static JsonObject Model(OldSection section)
    {
        var (type, match, mode, vlan) = (section.Text("type"), section.Text("bond_interface_match"), section.Text("bond_mode"), section.Number("vlan_id"));
        section.Close();
        var model = new JsonObject();
        if (type is "bond" or "bonded")
        {
            model["type"] = "bond";
            model["members"] = new JsonArray([.. (match ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(one => (JsonNode?)JsonValue.Create(one))]);
            if (mode is not null)
            {
                model["bond_mode"] = int.TryParse(mode, out var number) && number >= 0 && number < BondModes.Length ? BondModes[number] : mode;
            }
        }
        else if (type is not (null or "singlenic"))
        {
            section.Lose("type", $"\"{type}\" is neither singlenic nor bond");
        }

        if (vlan is > 0)
        {
            model["vlan_id"] = vlan;
        }

        return model;
    }
}
