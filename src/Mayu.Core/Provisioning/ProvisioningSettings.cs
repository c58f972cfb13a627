using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Rendering;
using Mayu.Core.Yaml;

namespace Mayu.Core.Provisioning;

/// <summary>What is the same in the configs of all machines.</summary>
public sealed record ProvisioningSettings
{
    /// <summary>The network that machines live in.</summary>
    public required NetworkPlan Network { get; init; }

    /// <summary>Further interfaces that machines have addresses for.</summary>
    public ImmutableArray<ExtraNic> ExtraNics { get; init; } = [];

    /// <summary>Where this server answers machines, without a final slash.</summary>
    public required string BootUrl { get; init; }

    /// <summary>The operator's own variables, for all machines (<c>vars</c> in the configuration).</summary>
    public YamlMap Variables { get; init; } = YamlMap.Empty;

    /// <summary>The secrets (<c>secrets</c> in the configuration).</summary>
    public ISecretSource Secrets { get; init; } = SecretPlaceholders.None;

    /// <summary>Has placeholders for secrets that cannot be read, where a config is only looked at; null: such a secret is an error.</summary>
    public UnreadSecrets? Unread { get; init; }

    /// <summary>The etcd discovery (<c>etcd_discovery</c> in the configuration).</summary>
    public IEtcdDiscovery EtcdDiscovery { get; init; } = new NoEtcdDiscovery();
}
