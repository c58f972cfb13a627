using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Primitives;

namespace Mayu.Server.Configuration;

/// <summary>The keys that say how machines set up an interface: <c>mtu</c>, <c>routes</c> and <c>model</c>, of <c>network</c> and of each of <c>extra_nics</c>.</summary>
internal static class NicModelSchema
{
    private static readonly string[] BondModes = ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"];

    private static readonly ConfigurationSection.Parser<string> BondMode = Parse.Checked($"must be one of {string.Join(", ", BondModes)}", BondModes.Contains);

    private static readonly ConfigurationSection.Parser<string> LacpRate = Parse.Checked("must be slow or fast", text => text is "slow" or "fast");

    private static readonly ConfigurationSection.Parser<int?> VlanId = Parse.Nullable(Parse.Number(1, 4094));

    private static readonly ConfigurationSection.Parser<string> Member = Parse.Checked(
        "is not an interface name or pattern (like eno1 or eno*)",
        text => text.Length is > 0 and <= 15 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@' or '*' or '?') && char.IsAsciiLetterOrDigit(text[0]));

    // A name that is printed into files of other programs.
    private static readonly ConfigurationSection.Parser<string?> DeviceName = Parse.Checked(
        "is not a name for an interface (1 to 15 letters, digits, dots, hyphens and underscores; a letter first)",
        text => text.Length is > 0 and <= 15 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))!;

    /// <summary>Asks for every key.</summary>
    /// <param name="section">The section that has them.</param>
    /// <param name="subnet">The interface's subnet, where routers are.</param>
    public static NicModel Bind(ConfigurationSection section, Ipv4Subnet? subnet)
    {
        var mtu = section.Optional<int?>("mtu", "bytes", "The MTU that templates set for the interface.", Parse.Mtu, null, "none");
        var routes = section.Sections("routes", entry => BindRoute(entry, subnet));
        var model = section.Section("model");
        var kind = model.Optional("type", "`single`, `bond` or `bridge`", "What the interface is made of, for templates: one network card, several that act as one, or a bridge for virtual machines.", Kind, NicKind.Plain, "single");
        var name = model.Optional<string?>("name", "interface name", "The name of the bond or bridge. In `extra_nics`, only with `vlan_id`: without it, the bond or bridge has the name of the entry.", DeviceName, null, "`bond0`, `br0`, …");
        var members = model.List<string>("members", "name or pattern", "The interfaces in the bond or bridge, such as `eno1` or `eno*`; for a VLAN on a single interface, its name. For the primary interface, a bridge or VLAN without members takes the interface that the machine booted from.", Member);
        var mode = model.Optional("bond_mode", "mode", $"The mode of the bond: {string.Join(", ", BondModes.Select(known => $"`{known}`"))}.", BondMode, "active-backup", "active-backup");
        var rate = model.Optional("lacp_rate", "`slow` or `fast`", "How often LACPDUs are requested, with `bond_mode: 802.3ad`.", LacpRate, "slow", "slow");
        var vlan = model.Optional<int?>("vlan_id", "number", "The VLAN of the address, 1 to 4094, on top of the interface.", VlanId, null, "untagged");
        model.Close();
        return new NicModel { Kind = kind, Name = name, Members = [.. members], BondMode = mode ?? "active-backup", LacpRate = rate ?? "slow", VlanId = vlan, Mtu = mtu, Routes = [.. routes.OfType<StaticRoute>()] };
    }

    /// <summary>Refuses what no system could set up.</summary>
    /// <param name="section">The section that has the key <c>model</c>.</param>
    /// <param name="key">That key, or the list whose entry has it.</param>
    /// <param name="who">The start of the message, for an entry of a list.</param>
    /// <param name="model">The model.</param>
    /// <param name="isPrimary">Whether the interface is known by its MAC.</param>
    public static void Check(ConfigurationSection section, string key, string who, NicModel model, bool isPrimary)
    {
        if (model.Members.IsEmpty && (model.Kind == NicKind.Bond || (!isPrimary && (model.Kind == NicKind.Bridge || model.VlanId is not null))))
        {
            section.Problem(key, $"{who}members is required: the interfaces that {(model.Kind == NicKind.Plain ? "the VLAN is on" : $"are in the {(model.Kind == NicKind.Bond ? "bond" : "bridge")}")}, such as [eno1, eno2]");
        }

        if (model is { Kind: NicKind.Plain, Members.IsEmpty: false, VlanId: null })
        {
            section.Problem(key, $"{who}members are for a bond, a bridge or a VLAN: set type or vlan_id as well");
        }

        if (model is { Kind: NicKind.Plain, Members.IsEmpty: false, VlanId: not null } && (model.Members.Length > 1 || model.Members[0].AsSpan().ContainsAny('*', '?')))
        {
            section.Problem(key, $"{who}members: a VLAN is on one interface: give one name without a pattern, or set type to bond or bridge");
        }

        if (model is { Kind: NicKind.Plain, Name: not null })
        {
            section.Problem(key, $"{who}name is for a bond or a bridge: set type as well");
        }
    }

    private static StaticRoute? BindRoute(ConfigurationSection section, Ipv4Subnet? subnet)
    {
        var to = section.Required<Ipv4Subnet>("to", "subnet", "A subnet that is reached by a static route.", Parse.Subnet);
        var via = section.Required<Ipv4?>("via", "address", "The router for it, in the subnet of the interface.", Parse.NullableAddress);
        if (via is { } router && subnet is not null && !subnet.Contains(router))
        {
            section.Problem("via", $"{router} is not in the subnet {subnet}: the interface cannot reach it");
        }

        return to is not null && via is { } known ? new StaticRoute(to, known) : null;
    }

    private static bool Kind(string text, out NicKind value, out string problem)
    {
        problem = "must be single, bond or bridge";
        (value, var isKnown) = text switch
        {
            "single" => (NicKind.Plain, true),
            "bond" => (NicKind.Bond, true),
            "bridge" => (NicKind.Bridge, true),
            _ => (NicKind.Plain, false),
        };
        return isKnown;
    }
}
