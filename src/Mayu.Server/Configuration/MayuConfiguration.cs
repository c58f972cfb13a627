using System.Collections.Immutable;
using Mayu.Core.Identity;
using Mayu.Core.Profiles;
using Mayu.Core.Provisioning;
using Mayu.Core.Yaml;
using Mayu.Netboot.Engines;
using Mayu.Primitives;
using Mayu.Server.Access;
using Mayu.Server.Configuration.Settings;

namespace Mayu.Server.Configuration;

/// <summary>The whole configuration, bound and validated once.</summary>
internal sealed record MayuConfiguration
{
    /// <summary>All about network boot.</summary>
    public required NetbootSettings Netboot { get; init; }

    /// <summary>What machines are told apart by.</summary>
    public IdentityRule Identity { get; init; } = IdentityRule.BySerial;

    public required ClusterPlan Cluster { get; init; }

    /// <summary>Whether an address is asked for on the wire before a machine gets it.</summary>
    public bool ProbesAddresses { get; init; } = true;

    /// <summary>Template variables of the operator.</summary>
    public required YamlMap Variables { get; init; }

    /// <summary>Where the secrets of templates come from.</summary>
    public ImmutableArray<SecretSetting> Secrets { get; init; } = [];

    /// <summary>Who is told of events by HTTP.</summary>
    public ImmutableArray<WebhookSettings> Webhooks { get; init; } = [];

    /// <summary>How the etcd members of a new cluster find each other.</summary>
    public EtcdDiscoverySettings EtcdDiscovery { get; init; } = new();

    public required string ClusterDirectory { get; init; }

    /// <summary>An operator's word at this start: the cluster directory is meant to be empty, or another than keys and leases were made for.</summary>
    public bool BeginsNewCluster { get; init; }

    /// <summary>Whether the cluster directory is a git repository.</summary>
    public bool KeepsHistory { get; init; } = true;

    /// <summary>Where commits are pushed to; null: nowhere.</summary>
    public string? PushRemote { get; init; }

    /// <summary>How long the downloads that run may go on when the server is told to end.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public required string ImagesDirectory { get; init; }

    /// <summary>Where everything lives that Mayu keeps.</summary>
    public required string DataDirectory { get; init; }

    public string KeysDirectory => Path.Combine(DataDirectory, "keys");

    public string? TemplatesDirectory { get; init; }

    public string? SnippetsDirectory { get; init; }

    /// <summary>The files that templates embed; null: none.</summary>
    public string? FilesDirectory { get; init; }

    /// <summary>The files that everybody on the boot networks may read; null: none.</summary>
    public string? AssetsDirectory { get; init; }

    /// <summary>The infopusher binary that machines may download; null: none is served.</summary>
    public string? HostinfoHelper { get; init; }

    /// <summary>The image of the discovery system.</summary>
    public required string DiscoveryImage { get; init; }

    /// <summary>What stands on the discovery system's kernel line besides Mayu's own words.</summary>
    public required ImmutableArray<string> KernelArguments { get; init; }

    /// <summary>Who is given a config.</summary>
    public required TokenSettings Tokens { get; init; }

    /// <summary>How many connections one address may have to the listener for machines, 1 to 4096.</summary>
    public required int BootConnectionsPerClient { get; init; }

    public required int ApiPort { get; init; }

    /// <summary>How many connections one address may have to the API, 1 to 1024.</summary>
    public required int ApiConnectionsPerClient { get; init; }

    public required Ipv4 ApiAddress { get; init; }

    /// <summary>Whether the API uses TLS. Without it tokens cross the network in the clear.</summary>
    public bool ApiUsesTls { get; init; } = true;

    /// <summary>Who is let in to the API besides those with a token of its own.</summary>
    public AccessSettings Access { get; init; } = new();

    /// <summary>Certificate chain of the API, PEM; null: Mayu makes its own.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>Its private key, PEM.</summary>
    public string? TlsKey { get; init; }

    /// <summary>The keys that take protection away, each with a sentence that an operator should read at each start.</summary>
    public IEnumerable<(string Key, string Problem)> Openings
    {
        get
        {
            if (!ApiUsesTls)
            {
                yield return ("api.tls", "the API is plain HTTP: whoever sees its packets has the tokens that are sent. Use this on a trusted network only");
            }

            if (!Access.LegacyClients.IsEmpty)
            {
                yield return ("auth.legacy_clients", Access.LegacyClients.Warning);
            }
        }
    }

    /// <summary>What is the same in the configs of all machines.</summary>
    /// <param name="secrets">The secrets; null: a placeholder for each, where a config is only looked at.</param>
    /// <param name="etcd">The etcd discovery; null: none.</param>
    public ProvisioningSettings Provisioning(ISecretSource? secrets = null, IEtcdDiscovery? etcd = null) => new()
    {
        Network = Netboot.Network,
        ExtraNics = Cluster.ExtraNics,
        BootUrl = Netboot.BootUrl,
        Variables = Variables,
        Secrets = secrets ?? new SecretPlaceholders(Secrets.Select(secret => secret.Name)),
        EtcdDiscovery = etcd ?? new NoEtcdDiscovery(),
    };
}

/// <summary>What holds for boot tokens.</summary>
/// <param name="AreRequired">Whether a machine without one is given no config, and nothing that it reports is taken.</param>
/// <param name="Lifetime">How long a config is given for a token, 2 minutes to 24 hours.</param>
/// <param name="Delivery">Where the discovery system finds its token, and a live system its config.</param>
internal sealed record TokenSettings(bool AreRequired, TimeSpan Lifetime, TokenDelivery Delivery);
