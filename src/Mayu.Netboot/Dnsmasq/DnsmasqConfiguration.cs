using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Mayu.Core.Provisioning;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Loaders;
using Mayu.Primitives;
using Mayu.Protocols.Pxe;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>Renders dnsmasq's configuration: what the builtin server is told, in the words of dnsmasq.</summary>
internal static class DnsmasqConfiguration
{
    /// <summary>The template's name, in <c>templates_dir</c> or built in.</summary>
    public const string Template = "dnsmasq_template.conf";

    // dnsmasq holds every lease in memory, and looks through all of them.
    private const long MostLeases = 100_000;

    // Of a TFTP packet, IP and UDP are 28 bytes and its own header is 4.
    private const int TftpHeaders = 32;

    // What dnsmasq 2.90 takes addresses for, and no hex (`dnsmasq --help dhcp` names them).
    private static readonly FrozenSet<byte> AddressOptions = new byte[] { 7, 9, 16, 21, 32, 33, 41, 44, 45, 48, 49, 65, 68, 69, 70, 71, 74, 150 }.ToFrozenSet();

    // What it takes text for, and hex would be text too.
    private static readonly FrozenSet<byte> TextOptions = new byte[] { 17, 18, 40, 64, 66, 67, 100, 101 }.ToFrozenSet();

    /// <summary>The tag of the clients of a quirk.</summary>
    /// <param name="place">Its place in the configuration, from 0.</param>
    public static string TagOfQuirk(int place) => string.Create(CultureInfo.InvariantCulture, $"quirk-{place}");

    /// <summary>Renders it.</summary>
    /// <param name="renderer">Renders templates.</param>
    /// <param name="plan">What dnsmasq is to do.</param>
    /// <param name="isProxy">Whether another DHCP server gives the addresses.</param>
    /// <param name="folder">Where its files are.</param>
    /// <exception cref="TemplateException">The template is malformed, or prints what it must not; the message names file and line.</exception>
    public static string Render(TemplateRenderer renderer, DnsmasqPlan plan, bool isProxy, DnsmasqFolder folder)
    {
        var main = plan.Subnets[0];
        var shared = DhcpSubnet.SharedRelays(plan.Subnets);
        var links = plan.Subnets.DistinctBy(subnet => subnet.Interface).ToList();
        var files = DnsmasqBootFile.All(main.Pxe, main.BootUrl);
        var classes = plan.Subnets.SelectMany(subnet => subnet.Dhcp.Options)
            .Select(option => Hex(option.VendorClass.AsSpan())).Where(hex => hex.Length > 0).Distinct().ToList();
        var leases = isProxy ? 0 : plan.Subnets.Sum(subnet => Pool(subnet).Sum(range => range.Count)) + main.Dhcp.Reservations.Length;
        return renderer.Render(Template, new TemplateVariables()
            .Set("interfaces", links.Select(link => link.Interface))
            .Set("architectures", Architectures(main.Pxe, files).Select(ArchitectureVariables))
            .Set("quirks", main.Pxe.AllQuirks.Select(QuirkVariables))
            .Set("boot_files", files.Select(FileVariables))
            .Set("links", links.Select((link, number) => LinkVariables(link, number, files, plan.LaterAddresses.Contains(link.Network.ServerAddress))))
            .Set("nets", plan.Subnets.Select((subnet, number) => NetVariables(subnet, number, links.FindIndex(link => link.Interface == subnet.Interface), shared, classes)))
            .Set("vendor_classes", classes.Select((hex, number) => new TemplateVariables().Set("tag", $"vendor-{number}").Set("hex", hex)))
            .Set("own_macs", plan.OwnMacs.Select(mac => mac.ToString()))
            .Set("proxy", isProxy)
            .Set("lease_max", Math.Clamp(leases, 1, MostLeases))
            .Set("authoritative", main.Dhcp.Authoritative)
            .Set("loader_tag", HostsFile.LoaderTag)
            .Set("hosts_file", folder.HostsOf(isProxy))
            .Set("lease_file", folder.Leases)
            .Set("tftp", plan.Tftp is not null)
            .Set("tftp_root", folder.Tftp)
            .Set("tftp_max", plan.Tftp?.MaximumTransfers ?? 0)
            .Set("tftp_single_port", plan.Tftp is { SinglePort: true })
            .Set("tftp_mtu", plan.Tftp is { MaximumBlockSize: { } block } ? block + TftpHeaders : 0));
    }

    /// <summary>The bootstrap range without the addresses that others have: dnsmasq knows of no holes in a range.</summary>
    public static IEnumerable<Ipv4Range> Pool(DhcpSubnet settings)
    {
        var network = settings.Network;
        if (network.BootstrapRange is not { } range)
        {
            yield break;
        }

        Ipv4?[] others = [network.ServerAddress, network.Router, network.Subnet.Network, network.Subnet.Broadcast];
        var start = range.Start.Value;
        foreach (var taken in others.OfType<Ipv4>().Concat(network.Dns).Concat(network.Ntp).Concat(settings.Relays).Where(range.Contains).Distinct().Order())
        {
            if (taken.Value > start)
            {
                yield return new Ipv4Range(new Ipv4(start), new Ipv4(taken.Value - 1));
            }

            start = taken.Value + 1;
        }

        if (start <= range.End.Value)
        {
            yield return new Ipv4Range(new Ipv4(start), range.End);
        }
    }

    private static IEnumerable<int> Architectures(PxeSettings pxe, ImmutableArray<DnsmasqBootFile> files) => files
        .SelectMany(file => file.Architectures)
        .Concat(pxe.AllQuirks.Select(quirk => quirk.Architecture).OfType<ClientArchitecture>().Select(architecture => (int)architecture))
        .Distinct()
        .Order();

    // PXEClient:Arch:00007:UNDI:003001 (PXE specification 2.1, table 2-1): five decimal digits.
    private static TemplateVariables ArchitectureVariables(int number) => new TemplateVariables()
        .Set("number", number)
        .Set("digits", number.ToString("D5", CultureInfo.InvariantCulture));

    private static TemplateVariables QuirkVariables(PxeQuirk quirk, int place) => new TemplateVariables()
        .Set("tag", TagOfQuirk(place))
        .Set("ouis", quirk.OuiTexts)
        .Set("vendor_class", Hex(quirk.VendorClass.AsSpan()))
        .Set("architecture", quirk.Architecture is { } architecture ? $"{(ushort)architecture}" : "")
        .Set("treat_as", quirk.Treat is { } treat ? $"{(ushort)treat}" : "")
        .Set("has_file", quirk.File is not null)
        .Set("menu", Encoding.ASCII.GetString(quirk.BootMenu.AsSpan()))
        .Set("menu_hex", quirk.BootMenu.IsEmpty ? "" : Hex(PxeVendorOptions.BootMenu(quirk.BootMenu.AsSpan())))
        .Set("menu_architecture", (int)(quirk.Architecture ?? ClientArchitecture.BiosX86))
        .Set("delay_seconds", (int)quirk.Delay.TotalSeconds)
        .Set("omitted", quirk.OmittedOptions.Distinct().Select(code => $"{(byte)code}"));

    private static TemplateVariables FileVariables(DnsmasqBootFile file) => new TemplateVariables()
        .Set("tag", file.Tag)
        .Set("quirk", file.Quirk is { } quirk ? TagOfQuirk(quirk) : "")
        .Set("architectures", file.Architectures.Select(architecture => $"{architecture}"))
        .Set("is_http", file.File.IsHttpBoot)
        .Set("is_ipxe", file.File.Loader == BootLoader.Ipxe);

    private static TemplateVariables LinkVariables(DhcpSubnet link, int number, ImmutableArray<DnsmasqBootFile> files, bool hasEarlierAddress)
    {
        var told = DnsmasqBootFile.On(files, link.Pxe, link.BootUrl).ToList();
        return new TemplateVariables()
            .Set("tag", TagOfLink(number))
            .Set("interface", link.Interface)
            .Set("by_address", hasEarlierAddress)
            .Set("server", link.Network.ServerAddress.ToString())
            .Set("script_url", LoaderTable.Make(link.Pxe, link.BootUrl).Script.Name)
            .Set("boot_files", told.Select(one => new TemplateVariables().Set("tag", one.Tag).Set("name", one.File.Name)))
            .Set("prefixes", told.Where(one => one.File.PathPrefix is not null)
                .Select(one => new TemplateVariables().Set("tag", one.Tag).Set("url", one.File.PathPrefix)));
    }

    private static TemplateVariables NetVariables(DhcpSubnet settings, int number, int link, FrozenSet<Ipv4> shared, List<string> classes)
    {
        var network = settings.Network;
        return new TemplateVariables()
            .Set("tag", string.Create(CultureInfo.InvariantCulture, $"net-{number}"))
            .Set("link", TagOfLink(link))
            .Set("network", network.Subnet.Network.ToString())
            .Set("netmask", network.Subnet.Netmask.ToString())
            .Set("broadcast", network.Subnet.Broadcast.ToString())
            .Set("ranges", Pool(settings).Select(range => new TemplateVariables().Set("start", range.Start.ToString()).Set("end", range.End.ToString())))
            .Set("far_relays", settings.Relays.Where(relay => !network.Subnet.Contains(relay) && !shared.Contains(relay)).Order().Select(relay => relay.ToString()))
            .Set("lease_seconds", (long)network.LeaseTime.TotalSeconds)
            .Set("routers", network.Router is { } router ? [router.ToString()] : Enumerable.Empty<string>())
            .Set("dns", network.Dns.Select(address => address.ToString()))
            .Set("ntp", network.Ntp.Select(address => address.ToString()))
            .Set("domains", network.Domain is { } domain ? [domain] : Enumerable.Empty<string>())
            // Of several lines for one option dnsmasq takes the last that fits; here the first is to count.
            .Set("options", settings.Dhcp.Options.Reverse().Select(option => OptionVariables(option, classes)));
    }

    private static TemplateVariables OptionVariables(DhcpOptionSetting option, List<string> classes) => new TemplateVariables()
        .Set("class", option.VendorClass.IsEmpty ? "" : string.Create(CultureInfo.InvariantCulture, $"vendor-{classes.IndexOf(Hex(option.VendorClass.AsSpan()))}"))
        .Set("code", (int)option.Code)
        .Set("text", IsText(option) ? Encoding.Latin1.GetString(option.Value.AsSpan()) : "")
        .Set("values", IsText(option) ? [] : ValuesOf(option))
        .Set("always", option.Always);

    private static bool IsText(DhcpOptionSetting option) => TextOptions.Contains((byte)option.Code);

    private static IEnumerable<string> ValuesOf(DhcpOptionSetting option) =>
        AddressOptions.Contains((byte)option.Code) && option.Value.Length % 4 == 0 ? option.Value.Chunk(4).Select(octets => string.Join('.', octets))
        : option.Value.Length == 1 ? [$"{option.Value[0]}"]
        : [Hex(option.Value.AsSpan())];

    private static string TagOfLink(int number) => string.Create(CultureInfo.InvariantCulture, $"link-{number}");

    // Hex, to dnsmasq, is what has a colon in it.
    private static string Hex(ReadOnlySpan<byte> value) => string.Join(':', value.ToArray().Select(octet => $"{octet:x2}"));
}
