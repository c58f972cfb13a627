using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>Another machine that says it has this machine's serial.</summary>
public sealed record IdentityClaim
{
    /// <summary>Its DMI system UUID, or null when it has no usable one.</summary>
    public string? Uuid { get; init; }

    /// <summary>Its MAC addresses, lower case with colons.</summary>
    [AllowNull]
    public IReadOnlyList<string> MacAddresses { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>When it was first seen (RFC 3339 on the wire).</summary>
    public DateTimeOffset At { get; init; }
}
