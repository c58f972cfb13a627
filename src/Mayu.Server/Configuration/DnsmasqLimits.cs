using System.Collections.Immutable;
using System.Globalization;
using Mayu.Core.Addresses;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Loaders;
using Mayu.Protocols.Dhcp;

namespace Mayu.Server.Configuration;

/// <summary>What the configuration asks for and dnsmasq cannot do. Each is refused by name, and nothing is left out in silence.</summary>
internal static class DnsmasqLimits
{
    private const byte ClientFqdn = 81;
    private const byte DomainSearch = 119;

    // What a proxy of dnsmasq's writes into every answer by itself.
    private static readonly ImmutableArray<DhcpOptionCode> ByProxies =
        [DhcpOptionCode.VendorSpecific, DhcpOptionCode.VendorClassIdentifier, DhcpOptionCode.ClientMachineIdentifier];

    /// <summary>Tells what of the network dnsmasq cannot serve.</summary>
    /// <param name="section">The section <c>network</c>.</param>
    /// <param name="mode">Whether it gives addresses.</param>
    /// <param name="main">The main network; null where that has problems of its own.</param>
    /// <param name="subnets">The further subnets.</param>
    public static void CheckNetwork(ConfigurationSection section, DhcpMode mode, NetworkPlan? main, ImmutableArray<BootSubnet> subnets)
    {
        if (mode != DhcpMode.Server && subnets.Any(subnet => !subnet.Relays.IsEmpty))
        {
            section.Problem("relayed", "as a proxy, dnsmasq does not answer relays: with the engine dnsmasq they require dhcp.mode: server");
        }

        if (mode == DhcpMode.Auto && subnets.Any(subnet => subnet.Relays.IsEmpty))
        {
            section.Problem("segments", "a dnsmasq is a server or a proxy on all of its interfaces: with dhcp.mode: auto the engine dnsmasq only serves the main interface");
        }

        foreach (var (relay, own) in subnets.SelectMany(subnet => subnet.Relays.Select(relay => (relay, subnet))))
        {
            var networks = subnets.Where(subnet => subnet != own && !subnet.Relays.Contains(relay)).Select(subnet => subnet.Network).Prepend(main).OfType<NetworkPlan>();
            if (networks.FirstOrDefault(network => network.Subnet.Contains(relay)) is { } other)
            {
                section.Problem("relayed", $"the relay {relay} of {own.Network.Subnet} is in {other.Subnet}: dnsmasq would give its clients addresses from there. Configure the relay to use its address in the clients' subnet");
            }
        }
    }

    /// <summary>Tells what of <c>dhcp</c> dnsmasq cannot do.</summary>
    /// <param name="section">The section.</param>
    /// <param name="dhcp">What stands there.</param>
    /// <param name="subnets">The further subnets.</param>
    public static void CheckDhcp(ConfigurationSection section, DhcpSettings dhcp, ImmutableArray<BootSubnet> subnets)
    {
        if (subnets.Any(subnet => subnet.Authoritative is { } own && own != dhcp.Authoritative))
        {
            section.Problem("authoritative", "dnsmasq is authoritative in all subnets or in none; with the engine dnsmasq a subnet cannot differ");
        }

        var codes = dhcp.Options.Concat(subnets.SelectMany(subnet => subnet.Options)).Select(option => (byte)option.Code).ToHashSet();
        if (codes.Contains(DomainSearch))
        {
            section.Problem("options", "dnsmasq builds option 119 from names and accepts no bytes; with the engine dnsmasq, put it into your own dnsmasq_template.conf");
        }

        if (codes.Contains(ClientFqdn))
        {
            section.Problem("options", "dnsmasq answers option 81 itself and ignores a configured value");
        }
    }

    /// <summary>Tells which quirks dnsmasq cannot meet.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="pxe">The quirks.</param>
    /// <param name="mode">Whether it gives addresses.</param>
    public static void CheckQuirks(ConfigurationSection root, PxeSettings pxe, DhcpMode mode)
    {
        foreach (var quirk in pxe.Quirks)
        {
            if (quirk.OmittedOptions.Contains(DhcpOptionCode.BootFileName))
            {
                root.Problem("pxe", $"quirks[] ({quirk.Describe()}): the engine dnsmasq cannot omit option 67: it sends it to every client that requests it");
            }

            var omitted = quirk.OmittedOptions.Where(ByProxies.Contains).Select(code => ((byte)code).ToString(CultureInfo.InvariantCulture)).ToList();
            if (mode != DhcpMode.Server && omitted.Count > 0)
            {
                root.Problem("pxe", $"quirks[] ({quirk.Describe()}): as a proxy (dhcp.mode), dnsmasq cannot omit option {string.Join(", ", omitted)}");
            }

            if (quirk.Delay.Milliseconds != 0)
            {
                root.Problem("pxe", $"quirks[] ({quirk.Describe()}): the engine dnsmasq can only delay by whole seconds, not by {quirk.Delay.TotalMilliseconds} ms");
            }

            if (mode != DhcpMode.Server && !quirk.BootMenu.IsEmpty && quirk.Architecture is null)
            {
                root.Problem("pxe", $"quirks[] ({quirk.Describe()}): as a proxy (dhcp.mode), dnsmasq needs an architecture for boot_menu: set the quirk's");
            }

            if (mode != DhcpMode.Server && quirk.MaximumBlockSize is not null)
            {
                root.Problem("pxe", $"quirks[] ({quirk.Describe()}): max_block_size needs the machine's address, which the engine dnsmasq does not know if another DHCP server gives it (dhcp.mode)");
            }
        }
    }
}
