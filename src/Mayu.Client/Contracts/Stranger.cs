using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>Somebody that was seen in the boot network and has no record.</summary>
public sealed record Stranger
{
    /// <summary>The serial that it told, or null where only its MAC is known.</summary>
    public string? Serial { get; init; }

    /// <summary>The MACs that it booted from.</summary>
    [AllowNull]
    public IReadOnlyList<string> MacAddresses { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>Its oldest mark that is kept (RFC 3339 on the wire).</summary>
    public DateTimeOffset FirstSeen { get; init; }

    /// <summary>Its newest mark.</summary>
    public DateTimeOffset LastSeen { get; init; }

    /// <summary>Its newest mark.</summary>
    public Hop? Hop { get; init; }

    /// <summary>Why it is stuck, or null.</summary>
    public ProblemReport? Problem { get; init; }

    /// <summary>The hop that did not follow, or null.</summary>
    public StallReport? Stall { get; init; }
}
