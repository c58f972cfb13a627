using System.Collections.Immutable;

namespace Mayu.Core.Provisioning;

/// <summary>A variable of provisioning configs, for the documentation. A test holds this table against what templates are given.</summary>
/// <param name="Name">Its name; <c>[]</c> stands for each entry of a list.</param>
/// <param name="Doc">What it is.</param>
internal sealed record TemplateVariable(string Name, string Doc)
{
    private static readonly ImmutableArray<TemplateVariable> Nic =
    [
        new("id", "`primary`, or its name in `network.extra_nics`"),
        new("is_primary", "whether it has the internal address"),
        new("address", "the address of the machine on it"),
        new("prefix_length", "the length of its network prefix, such as 24"),
        new("mac", "of the primary interface, the MAC that the machine booted from; else empty"),
        new("type", "`single`, `bond` or `bridge`"),
        new("device", "the name of the interface that has the address; empty if it is only known by its MAC"),
        new("link", "the name of the bond or bridge; else empty"),
        new("members", "list: names or patterns of the cards in the bond or bridge, or below the VLAN; empty: the card with that MAC"),
        new("bond_mode", "the mode of a bond; else empty"),
        new("lacp_rate", "`slow` or `fast` with the mode `802.3ad`; else empty"),
        new("vlan_id", "the VLAN; 0 if there is none"),
        new("mtu", "the MTU; 0 if none is set"),
        new("router", "the default router; empty if there is none"),
        new("domain", "the DNS domain; empty if there is none"),
        new("dns", "list: name servers"),
        new("ntp", "list: time servers"),
        new("routes", "list: static routes"),
        new("routes[].to", "the subnet"),
        new("routes[].via", "the router"),
    ];

    /// <summary>All of them, except what the operator puts into <c>vars</c>.</summary>
    public static ImmutableArray<TemplateVariable> All { get; } =
    [
        new("mayu.url", "the URL where this server answers machines, without a final slash"),
        new("mayu.boot_url", "the URL of what is for this boot alone, with its boot token and without a final slash. Empty if the machine asked without a token"),
        new("mayu.boot_token", "the [boot token](security.md#boot-tokens) itself, for `Authorization: Bearer`. It is spent once the machine is installed. Empty if there is none"),
        new("machine.serial", "the serial that identifies the machine"),
        new("machine.uuid", "its UUID; empty if it has none"),
        new("machine.hostname", "its host name"),
        new("machine.machine_id", "the text for `/etc/machine-id`; empty if it has none"),
        new("machine.install_id", "the number of this installation, which callbacks carry"),
        new("machine.profile", "the name of its profile"),
        new("machine.internal_address", "its permanent address; empty if it has none"),
        new("machine.additional_addresses", "list: its addresses on `network.extra_nics`"),
        new("machine.additional_addresses[].nic", "the name of the interface"),
        new("machine.additional_addresses[].address", "the address"),
        new("machine.additional_addresses[].prefix_length", "the length of the network prefix"),
        new("machine.boot_mac", "the MAC that it booted from"),
        new("machine.boot_nic", "the name that the discovery system gave to that interface; empty if it is not known"),
        new("machine.macs", "list: all its MACs"),
        new("machine.bmc_address", "the address of its BMC; empty if it is not known"),
        new("machine.keep_disk_data", "whether the operator asked to keep the data on its disks"),
        new("machine.tags", "list: its own tags"),
        new("profile.name", "the name of the profile"),
        new("profile.tags", "list: the tags of the profile"),
        new("profile.image", "the image that the profile names"),
        new("image.name", "the image that is installed; empty if it is not known"),
        new("image.version", "its version; empty if it is not known"),
        new("network.subnet", "the subnet of the machines, such as `10.0.0.0/24`"),
        new("network.prefix_length", "the length of its prefix, such as 24"),
        new("network.netmask", "its netmask, such as `255.255.255.0`"),
        new("network.router", "the default router; empty if there is none"),
        new("network.domain", "the DNS domain; empty if there is none"),
        new("network.dns", "list: name servers"),
        new("network.ntp", "list: time servers"),
        new("network.primary", "the primary interface: an entry of `network.nics`"),
        new("network.nics", "list: the interfaces of the machine, the primary one first"),
        .. Nic.Select(variable => variable with { Name = $"network.nics[].{variable.Name}" }),
        new("vars", "the map `vars` of the configuration. An override of the machine takes precedence, and has the type of the variable"),
        new("secrets", "the [secrets](security.md#secrets) by name: `secrets.NAME`"),
        new("etcd", "[etcd discovery](etcd-discovery.md): `etcd.discovery_url` is the URL where the members of the machine's new cluster find each other"),
    ];
}
