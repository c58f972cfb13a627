using System.Collections.Immutable;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>
/// A configuration of dnsmasq and its hosts file, read as dnsmasq 2.90 reads them (<c>option.c</c>, <c>rfc2131.c</c>): which tags a client gets, and what
/// lines are for those. No rule of Mayu's is in here: what a client is answered is what the two files say, also where the operator has a template of his own.
/// </summary>
/// <param name="configuration">The configuration.</param>
/// <param name="hosts">The file that its <c>dhcp-hostsfile</c> names.</param>
internal sealed class DnsmasqReading(string configuration, string hosts)
{
    // What changes nothing of what is looked at here.
    private static readonly ImmutableHashSet<string> Indifferent =
    [
        "port", "interface", "listen-address", "bind-interfaces", "no-hosts", "no-resolv", "log-dhcp", "log-facility", "no-ping", "bootp-dynamic", "dhcp-lease-max", "dhcp-authoritative",
        "dhcp-leasefile", "dhcp-hostsfile", "dhcp-reply-delay", "shared-network", "enable-tftp", "tftp-root", "tftp-max", "tftp-mtu", "tftp-single-port", "user", "group", "pid-file", "no-daemon",
    ];

    private static readonly ImmutableHashSet<string> SetByPacket = ["dhcp-vendorclass", "dhcp-userclass", "dhcp-match", "dhcp-mac"];

    private readonly ImmutableArray<DnsmasqLine> _lines = [.. DnsmasqLine.Read(configuration)];
    private readonly ImmutableArray<DnsmasqLine> _hosts = [.. DnsmasqLine.ReadHosts(hosts)];

    /// <summary>The file of clients that a configuration names; null for none.</summary>
    public static string? HostsFileOf(string configuration) =>
        DnsmasqLine.Read(configuration).LastOrDefault(line => line.Keyword == "dhcp-hostsfile")?.Values.FirstOrDefault();

    /// <summary>The folder that its TFTP serves; null: it serves none.</summary>
    public string? TftpRoot => Lines("enable-tftp").Any() ? Lines("tftp-root").LastOrDefault()?.Values.FirstOrDefault() : null;

    /// <summary>What a client is answered on port 67.</summary>
    /// <param name="packet">Its DHCPDISCOVER.</param>
    /// <param name="mac">Its MAC.</param>
    /// <param name="nic">The interface that it comes in by.</param>
    /// <param name="subnet">The network of the client.</param>
    public DnsmasqVerdict Ask(in DhcpPacket packet, MacAddress mac, string nic, Ipv4Subnet subnet)
    {
        var ranges = Lines("dhcp-range").Where(line => line.Rest is [var start, ..] && Ipv4.TryParse(start, out var first) && subnet.Contains(first)).ToList();
        if (ranges.Count == 0)
        {
            return new DnsmasqVerdict { Silence = $"it has no dhcp-range for {subnet}" };
        }

        var isProxy = ranges.Exists(range => range.Rest.Contains("proxy"));
        packet.TryGetOption(DhcpOptionCode.VendorClassIdentifier, out var vendorClass);
        // Only PXE's own class is answered by a proxy.
        if (isProxy && !vendorClass.StartsWith("PXEClient"u8))
        {
            return new DnsmasqVerdict { Silence = "as a proxy, dnsmasq only answers the class PXEClient" };
        }

        var basic = ranges.Select(range => range.Sets).OfType<string>().Append(nic).ToHashSet(StringComparer.Ordinal);
        var unread = _lines.Where(line => !IsRead(line)).Select(line => line.ToString()).ToList();
        foreach (var line in _lines.Where(line => SetByPacket.Contains(line.Keyword)))
        {
            switch (DnsmasqMatch.Fits(line, packet, mac))
            {
                case true when line.Sets is { } tag:
                    basic.Add(tag);
                    break;
                case null:
                    unread.Add(line.ToString());
                    break;
            }
        }

        var host = HostOf(mac, WithConditions(basic));
        if (host is not null)
        {
            basic.Add("known");
        }

        var tags = WithConditions(basic);
        return new DnsmasqVerdict
        {
            Silence = host is { } ignored && ignored.Rest.Contains("ignore") ? $"its hosts file has the line {ignored}"
                : Lines("dhcp-ignore").FirstOrDefault(line => line.Fits(tags)) is { } ignore ? $"its configuration has the line {ignore}"
                : null,
            IsProxy = isProxy,
            Boot = Lines("dhcp-boot").LastOrDefault(line => line.Wants.Any() && line.Fits(tags)) ?? Lines("dhcp-boot").LastOrDefault(line => !line.Wants.Any()),
            Address = host?.Rest.FirstOrDefault(value => Ipv4.TryParse(value, out _)),
            Unread = [.. unread],
        };
    }

    // A line that is for certain tags is looked for before one that is for all.
    private DnsmasqLine? HostOf(MacAddress mac, HashSet<string> tags)
    {
        var own = _hosts.Where(line => line.Rest is [var first, ..] && MacAddress.TryParse(first, out var named) && named == mac).ToList();
        return own.Find(line => line.Wants.Any() && line.Fits(tags)) ?? own.Find(line => !line.Wants.Any());
    }

    // Each condition is looked at once, in the order of the file: it sees the tags of those before it.
    private HashSet<string> WithConditions(HashSet<string> basic)
    {
        var tags = new HashSet<string>(basic, StringComparer.Ordinal);
        foreach (var line in Lines("tag-if").Where(line => line.Fits(tags)))
        {
            foreach (var set in line.Values.Where(value => value.StartsWith("set:", StringComparison.Ordinal)))
            {
                tags.Add(set["set:".Length..]);
            }
        }

        return tags;
    }

    private IEnumerable<DnsmasqLine> Lines(string keyword) => _lines.Where(line => line.Keyword == keyword);

    private static bool IsRead(DnsmasqLine line) => line.Keyword switch
    {
        "dhcp-range" or "dhcp-ignore" or "dhcp-boot" or "tag-if" => true,
        // An option 66 or 67 of its own would speak beside dhcp-boot.
        "dhcp-option" or "dhcp-option-force" => !line.Rest.Any(value => value is "66" or "67" or "option:tftp-server" or "option:bootfile-name"),
        // A service for nobody, or a menu with one entry, which is the boot file that dhcp-boot names.
        "pxe-service" => line.Wants.Contains("nobody") || line.Rest.Length == 2,
        _ => SetByPacket.Contains(line.Keyword) || Indifferent.Contains(line.Keyword),
    };
}
