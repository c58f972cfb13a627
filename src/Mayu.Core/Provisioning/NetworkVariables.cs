using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Provisioning;

/// <summary>The variables <c>network.*</c>: the network of a machine, and each of its interfaces with its model.</summary>
/// <param name="network">The network that machines live in.</param>
/// <param name="extraNics">Further interfaces that machines have addresses for.</param>
internal sealed class NetworkVariables(NetworkPlan network, ImmutableArray<ExtraNic> extraNics)
{
    /// <summary>Those of a machine. An extra interface that it has no address for is left out.</summary>
    public TemplateVariables Of(Machine machine)
    {
        var primary = Primary(machine);
        return new TemplateVariables()
            .Set("subnet", network.Subnet.ToString())
            .Set("prefix_length", network.Subnet.PrefixLength)
            .Set("netmask", network.Subnet.Netmask.ToString())
            .Set("router", network.Router?.ToString() ?? "")
            .Set("domain", network.Domain ?? "")
            .Set("dns", Texts(network.Dns))
            .Set("ntp", Texts(network.Ntp))
            .Set("primary", primary)
            .Set("nics", [primary, .. extraNics.Select((nic, index) => (nic, index)).Where(entry => machine.AdditionalAddresses.ContainsKey(entry.nic.Name)).Select(entry => Extra(machine, entry.nic, entry.index + 1))]);
    }

    private TemplateVariables Primary(Machine machine)
    {
        var link = network.Model.Kind == NicKind.Plain ? "" : LinkOf(network.Model, 0);
        return Nic(network.Model, link, network.Model.VlanId is { } id ? $"vlan{id}" : link)
            .Set("id", "primary")
            .Set("is_primary", true)
            .Set("mac", machine.MacAddresses.IsEmpty ? "" : machine.MacAddresses[0].ToString())
            .Set("address", machine.InternalAddress?.ToString() ?? "")
            .Set("prefix_length", network.Subnet.PrefixLength)
            .Set("router", network.Router?.ToString() ?? "")
            .Set("domain", network.Domain ?? "")
            .Set("dns", Texts(network.Dns))
            .Set("ntp", Texts(network.Ntp));
    }

    // The name in the configuration is that of the interface with the address; with a VLAN, a bond or bridge below it has another.
    private static TemplateVariables Extra(Machine machine, ExtraNic nic, int index) =>
        Nic(nic.Model, nic.Model.Kind == NicKind.Plain ? "" : nic.Model.VlanId is null ? nic.Name : LinkOf(nic.Model, index), nic.Name)
            .Set("id", nic.Name)
            .Set("is_primary", false)
            .Set("mac", "")
            .Set("address", machine.AdditionalAddresses[nic.Name].ToString())
            .Set("prefix_length", nic.Subnet.PrefixLength)
            .Set("router", "")
            .Set("domain", "")
            .Set("dns", Texts(nic.Dns))
            .Set("ntp", Array.Empty<string>());

    private static TemplateVariables Nic(NicModel model, string link, string device) => new TemplateVariables()
        .Set("type", model.Kind switch { NicKind.Bond => "bond", NicKind.Bridge => "bridge", _ => "single" })
        .Set("device", device)
        .Set("link", link)
        .Set("members", model.Members)
        .Set("bond_mode", model.Kind == NicKind.Bond ? model.BondMode : "")
        .Set("lacp_rate", model is { Kind: NicKind.Bond, BondMode: "802.3ad" } ? model.LacpRate : "")
        .Set("vlan_id", model.VlanId ?? 0)
        .Set("mtu", model.Mtu ?? 0)
        .Set("routes", model.Routes.Select(route => new TemplateVariables().Set("to", route.To.ToString()).Set("via", route.Via.ToString())));

    private static string LinkOf(NicModel model, int index) => model.Name ?? (model.Kind == NicKind.Bond ? $"bond{index}" : $"br{index}");

    private static IEnumerable<string> Texts(ImmutableArray<Ipv4> addresses) => addresses.Select(address => address.ToString());
}
