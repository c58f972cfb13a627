using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Identity;
using Mayu.Core.Profiles;
using Mayu.Core.Yaml;
using Mayu.Primitives;
using Mayu.Server.Loaders;
using Mayu.Server.Tftp;

namespace Mayu.Server.Configuration;

/// <summary>The whole configuration, bound and validated once.</summary>
internal sealed record MayuConfiguration
{
    /// <summary>Who answers DHCP and TFTP.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>What the engine <c>dnsmasq</c> is told.</summary>
    public required DnsmasqSettings Dnsmasq { get; init; }

    /// <summary>The interface that DHCP and TFTP are bound to; null only where the engine is external.</summary>
    public string? Interface { get; init; }

    public required NetworkPlan Network { get; init; }

    /// <summary>How the builtin DHCP server behaves.</summary>
    public DhcpConfiguration Dhcp { get; init; } = new();

    /// <summary>What machines are told apart by.</summary>
    public IdentityRule Identity { get; init; } = IdentityRule.BySerial;

    /// <summary>The further subnets that machines boot from.</summary>
    public ImmutableArray<BootSubnet> Subnets { get; init; } = [];

    public required ClusterPlan Cluster { get; init; }

    /// <summary>Whether an address is asked for on the wire before a machine gets it.</summary>
    public bool ProbesAddresses { get; init; } = true;

    /// <summary>Template variables of the operator.</summary>
    public required YamlMap Variables { get; init; }

    public required string ClusterDirectory { get; init; }

    /// <summary>An operator's word at this start: the cluster directory is meant to be empty, or another than keys and leases were made for.</summary>
    public bool BeginsNewCluster { get; init; }

    /// <summary>Whether the cluster directory is a git repository.</summary>
    public bool KeepsHistory { get; init; } = true;

    /// <summary>Where commits are pushed to; null: nowhere.</summary>
    public string? PushRemote { get; init; }

    public required string ImagesDirectory { get; init; }

    /// <summary>Where everything lives that Mayu keeps.</summary>
    public required string DataDirectory { get; init; }

    public string KeysDirectory => Path.Combine(DataDirectory, "keys");

    /// <summary>Where the file of DHCP leases is.</summary>
    public string LeasesDirectory => Path.Combine(DataDirectory, "dhcp");

    public string? TemplatesDirectory { get; init; }

    public string? SnippetsDirectory { get; init; }

    public string? TftpRoot { get; init; }

    /// <summary>Which loader firmware gets, and how its quirks are met.</summary>
    public PxeSettings Pxe { get; init; } = new();

    /// <summary>How TFTP is served, and its limits.</summary>
    public TftpSettings Tftp { get; init; } = new();

    /// <summary>The infopusher binary that machines may download; null: none is served.</summary>
    public string? HostinfoHelper { get; init; }

    /// <summary>The image of the discovery system.</summary>
    public required string DiscoveryImage { get; init; }

    /// <summary>What stands on the discovery system's kernel line besides Mayu's own words.</summary>
    public required ImmutableArray<string> KernelArguments { get; init; }

    public required int BootPort { get; init; }

    /// <summary>How many connections one address may have to the listener for machines, 1 to 4096.</summary>
    public required int BootConnectionsPerClient { get; init; }

    public required int ApiPort { get; init; }

    /// <summary>How many connections one address may have to the API, 1 to 1024.</summary>
    public required int ApiConnectionsPerClient { get; init; }

    public required Ipv4 ApiAddress { get; init; }

    /// <summary>Certificate chain of the API, PEM; null: Mayu makes its own.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>Its private key, PEM.</summary>
    public string? TlsKey { get; init; }

    /// <summary>This server's addresses that machines boot from, the main one first; each once, for an external engine's segments may share one.</summary>
    public IEnumerable<Ipv4> BootAddresses =>
        Subnets.Where(subnet => subnet.Relays.IsEmpty).Select(subnet => subnet.Network.ServerAddress).Prepend(Network.ServerAddress).Distinct();

    /// <summary>Where machines of the main subnet reach the boot listener.</summary>
    public string BootUrl => BootUrlAt(Network.ServerAddress);

    /// <summary>This server as a client reaches it: its address in the client's subnet, or for it.</summary>
    public Ipv4 ServerAddressFor(Ipv4 client) =>
        Subnets.FirstOrDefault(subnet => subnet.Network.Subnet.Contains(client))?.Network.ServerAddress ?? Network.ServerAddress;

    /// <summary>Where machines reach the boot listener by one of its addresses.</summary>
    public string BootUrlAt(Ipv4 address) => $"http://{address}:{BootPort}";
}
