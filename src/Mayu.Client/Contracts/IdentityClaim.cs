using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>Somebody who may be this machine and may be another: what it said of itself.</summary>
public sealed record IdentityClaim
{
    /// <summary>Its DMI serial, or null when it has no usable one.</summary>
    public string? Serial { get; init; }

    /// <summary>Its DMI system UUID, or null when it has no usable one.</summary>
    public string? Uuid { get; init; }

    /// <summary>Its MAC addresses, lower case with colons.</summary>
    [AllowNull]
    public IReadOnlyList<string> MacAddresses { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>The serials of the other machines that it may be.</summary>
    [AllowNull]
    public IReadOnlyList<string> Others { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>What agrees with this machine and what does not, or null.</summary>
    public string? Why { get; init; }

    /// <summary>What an operator can do about it, or null.</summary>
    public string? Remedy { get; init; }

    /// <summary>When it was first seen (RFC 3339 on the wire).</summary>
    public DateTimeOffset At { get; init; }
}
