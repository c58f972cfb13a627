using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>The answer of <c>GET /api/v1/machines/{serial or MAC}/trace</c>.</summary>
public sealed record HopList
{
    /// <summary>The machine, or null while only its MAC is known.</summary>
    public string? Serial { get; init; }

    /// <summary>Its MACs: those of its record, and those that it was seen booting from.</summary>
    [AllowNull]
    public IReadOnlyList<string> MacAddresses { get; init => field = ContractLists.Clean(value); } = [];

    /// <summary>Its state, or null while it has no record.</summary>
    public string? State { get; init; }

    /// <summary>What went wrong last, or null.</summary>
    public ProblemReport? Problem { get; init; }

    /// <summary>The hop that did not follow, or null while it makes progress.</summary>
    public StallReport? Stall { get; init; }

    /// <summary>The marks of the boot trace, oldest first.</summary>
    [AllowNull]
    public IReadOnlyList<Hop> Items { get; init => field = ContractLists.Clean(value); } = [];
}
