using Mayu.Core.Addresses;
using Mayu.Core.Provisioning;
using Mayu.Protocols.Pxe;
using Mayu.Server.Dhcp;
using Mayu.Server.Loaders;

namespace Mayu.Server.Dnsmasq;

/// <summary>Renders dnsmasq's configuration: what the builtin server is told, in the words of dnsmasq.</summary>
internal static class DnsmasqConfiguration
{
    /// <summary>The template's name, in <c>templates_dir</c> or built in.</summary>
    public const string Template = "dnsmasq_template.conf";

    // dnsmasq holds every lease in memory, and looks through all of them.
    private const long MostLeases = 100_000;

    /// <summary>Renders it.</summary>
    /// <param name="renderer">Renders templates.</param>
    /// <param name="settings">What the builtin server would be told.</param>
    /// <param name="isProxy">Whether another DHCP server gives the addresses.</param>
    /// <param name="folder">Where its files are.</param>
    /// <exception cref="TemplateException">The template is malformed, or prints what it must not; the message names file and line.</exception>
    public static string Render(TemplateRenderer renderer, DhcpSettings settings, bool isProxy, DnsmasqFolder folder)
    {
        var network = settings.Network;
        var loaders = LoaderTable.Make(settings.Pxe, settings.BootUrl);
        var ranges = isProxy ? [] : Pool(network).ToList();
        return renderer.Render(Template, new TemplateVariables()
            .Set("interface", settings.Interface)
            .Set("server", network.ServerAddress.ToString())
            .Set("script_url", loaders.Script.Name)
            .Set("network", network.Subnet.Network.ToString())
            .Set("netmask", network.Subnet.Netmask.ToString())
            .Set("broadcast", network.Subnet.Broadcast.ToString())
            .Set("proxy", isProxy)
            .Set("ranges", ranges.Select(range => new TemplateVariables().Set("start", range.Start.ToString()).Set("end", range.End.ToString())))
            .Set("lease_seconds", (long)network.LeaseTime.TotalSeconds)
            .Set("lease_max", Math.Clamp(ranges.Sum(range => range.Count) + settings.Reservations.Length, 1, MostLeases))
            .Set("authoritative", settings.Authoritative)
            .Set("routers", network.Router is { } router ? [router.ToString()] : Enumerable.Empty<string>())
            .Set("dns", network.Dns.Select(address => address.ToString()))
            .Set("ntp", network.Ntp.Select(address => address.ToString()))
            .Set("domains", network.Domain is { } domain ? [domain] : Enumerable.Empty<string>())
            .Set("options", settings.Options.Select(OptionVariables))
            .Set("boot_files", BootFiles(loaders))
            .Set("loader_tag", HostsFile.LoaderTag)
            .Set("hosts_file", folder.Hosts)
            .Set("lease_file", folder.Leases)
            .Set("tftp_root", folder.Tftp));
    }

    /// <summary>The bootstrap range without the addresses that others have: dnsmasq knows of no holes in a range.</summary>
    public static IEnumerable<Ipv4Range> Pool(NetworkPlan network)
    {
        if (network.BootstrapRange is not { } range)
        {
            yield break;
        }

        Ipv4?[] others = [network.ServerAddress, network.Router, network.Subnet.Network, network.Subnet.Broadcast];
        var start = range.Start.Value;
        foreach (var taken in others.OfType<Ipv4>().Concat(network.Dns).Concat(network.Ntp).Where(range.Contains).Distinct().Order())
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

    // Architectures with the same boot file share a tag. Firmware may say the architecture of one way and boot the other way: the class that
    // it gives itself decides, so a file answers to both numbers.
    private static IEnumerable<TemplateVariables> BootFiles(LoaderTable loaders) => loaders.Files
        .OrderBy(entry => entry.Key)
        .GroupBy(entry => (entry.Value.Name, entry.Value.IsHttpBoot), entry => entry.Key)
        .Select((file, number) => new TemplateVariables()
            .Set("tag", $"file-{number}")
            .Set("name", file.Key.Name)
            .Set("is_http", file.Key.IsHttpBoot)
            .Set("architectures", file.SelectMany(Numbers).Distinct().Order().Select(architecture => $"{architecture}"))
            .Set("is_usual", file.Contains(file.Key.IsHttpBoot ? ClientArchitecture.UefiX64Http : ClientArchitecture.BiosX86)));

    private static ushort[] Numbers(ClientArchitecture architecture) =>
        [(ushort)ClientArchitectureName.OverTftp(architecture), (ushort)ClientArchitectureName.OverHttp(architecture)];

    private static TemplateVariables OptionVariables(DhcpOptionSetting option, int number) => new TemplateVariables()
        .Set("tag", $"option-{number}")
        .Set("code", (int)option.Code)
        .Set("value", ValueOf(option.Value.AsSpan()))
        .Set("always", option.Always)
        .Set("vendor_class", System.Text.Encoding.ASCII.GetString(option.VendorClass.AsSpan()));

    // Hex, to dnsmasq, is what has a colon in it.
    private static string ValueOf(ReadOnlySpan<byte> value) => value.Length == 1
        ? $"{value[0]}"
        : string.Join(':', value.ToArray().Select(octet => $"{octet:x2}"));
}
