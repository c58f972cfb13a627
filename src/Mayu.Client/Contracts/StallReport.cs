using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>A machine stands still in the middle of a boot: which hop did not follow, and what is usually behind it.</summary>
public sealed record StallReport
{
    /// <summary>Since when it waits (RFC 3339 on the wire).</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The last hop: one of <see cref="HopNames"/>.</summary>
    [AllowNull]
    public string After { get; init => field = value ?? ""; } = "";

    /// <summary>The hop that did not follow: one of <see cref="HopNames"/>.</summary>
    [AllowNull]
    public string Expected { get; init => field = value ?? ""; } = "";

    /// <summary>The same as a sentence, for the operator to read.</summary>
    [AllowNull]
    public string Reason { get; init => field = value ?? ""; } = "";

    /// <summary>What is usually behind it, the most common first.</summary>
    [AllowNull]
    public IReadOnlyList<string> Causes { get; init => field = ContractLists.Clean(value); } = [];
}
