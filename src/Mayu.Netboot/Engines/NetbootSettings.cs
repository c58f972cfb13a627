using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Dnsmasq;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Syslog;
using Mayu.Netboot.Tftp;
using Mayu.Primitives;

namespace Mayu.Netboot.Engines;

/// <summary>What the configuration says of network boot.</summary>
internal sealed record NetbootSettings
{
    /// <summary>Who answers DHCP and TFTP.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>The interface that DHCP and TFTP are bound to; null only where the engine is external.</summary>
    public string? Interface { get; init; }

    /// <summary>The main subnet.</summary>
    public required NetworkPlan Network { get; init; }

    /// <summary>The further subnets that machines boot from.</summary>
    public ImmutableArray<BootSubnet> Subnets { get; init; } = [];

    /// <summary>How DHCP behaves.</summary>
    public DhcpSettings Dhcp { get; init; } = new();

    /// <summary>Which loader firmware gets, and how its quirks are met.</summary>
    public PxeSettings Pxe { get; init; } = new();

    /// <summary>How TFTP is served, and its limits.</summary>
    public TftpSettings Tftp { get; init; } = new();

    /// <summary>How syslog of machines that boot is received.</summary>
    public SyslogSettings Syslog { get; init; } = new();

    /// <summary>The operator's own files for TFTP; null: none.</summary>
    public string? TftpRoot { get; init; }

    /// <summary>What the engine <c>dnsmasq</c> is told.</summary>
    public required DnsmasqSettings Dnsmasq { get; init; }

    /// <summary>Where the file of DHCP leases is.</summary>
    public required string LeasesDirectory { get; init; }

    /// <summary>The port of the boot listener, to which machines are sent.</summary>
    public required int BootPort { get; init; }

    /// <summary>This server's addresses that machines boot from, the main one first; each once, for an external engine's segments may share one.</summary>
    public IEnumerable<Ipv4> BootAddresses =>
        Subnets.Where(subnet => subnet.Relays.IsEmpty).Select(subnet => subnet.Network.ServerAddress).Prepend(Network.ServerAddress).Distinct();

    /// <summary>Where machines of the main subnet reach the boot listener.</summary>
    public string BootUrl => BootUrlAt(Network.ServerAddress);

    /// <summary>What DHCP is told about each subnet, the main one first.</summary>
    public ImmutableArray<DhcpSubnet> ServedSubnets
    {
        get
        {
            var main = new DhcpSubnet
            {
                // The engine external needs none.
                Interface = Interface ?? "",
                Network = Network,
                BootUrl = BootUrl,
                Pxe = Pxe,
                Dhcp = Dhcp with { Options = DhcpOptionSetting.InOrder([], Dhcp.Options) },
            };
            return [main, .. Subnets.Select(subnet => main with
            {
                Interface = subnet.Interface,
                Network = subnet.Network,
                BootUrl = BootUrlAt(subnet.Network.ServerAddress),
                Relays = subnet.Relays.ToFrozenSet(),
                Dhcp = Dhcp with
                {
                    Authoritative = subnet.Authoritative ?? Dhcp.Authoritative,
                    Options = DhcpOptionSetting.InOrder(subnet.Options, Dhcp.Options),
                },
            })];
        }
    }

    /// <summary>This server as a client reaches it: its address in the client's subnet, or for it.</summary>
    public Ipv4 ServerAddressFor(Ipv4 client) =>
        Subnets.FirstOrDefault(subnet => subnet.Network.Subnet.Contains(client))?.Network.ServerAddress ?? Network.ServerAddress;

    /// <summary>Where machines reach the boot listener by one of its addresses.</summary>
    public string BootUrlAt(Ipv4 address) => $"http://{address}:{BootPort}";
}
