using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>An item of <c>GET /sd/prometheus</c>: a target group of Prometheus' HTTP service discovery.</summary>
public sealed record ScrapeTargets
{
    /// <summary>The targets, each as <c>ADDRESS:PORT</c>.</summary>
    [AllowNull]
    public IReadOnlyList<string> Targets { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>What is known about them, by label name.</summary>
    [AllowNull]
    public IReadOnlyDictionary<string, string> Labels { get; init => field = ContractLists.Clean(value); } = ImmutableDictionary<string, string>.Empty;
}
