using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>What became of a change of several machines, or would become of it.</summary>
public sealed record MachineChangesResult
{
    /// <summary>Whether nothing was changed: it tells what would be.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>What makes the change: the same request with this as its <c>confirm</c>. Null where it is made, and where no machine would change.</summary>
    public string? Confirm { get; init; }

    /// <summary>What an operator should know of the change, as a sentence; or null. It is made all the same.</summary>
    public string? Warning { get; init; }

    /// <summary>How many machines were changed, or would be.</summary>
    public int Changed { get; init; }

    /// <summary>How many are as asked already.</summary>
    public int Unchanged { get; init; }

    /// <summary>How many were refused, or would be.</summary>
    public int Refused { get; init; }

    /// <summary>Each machine that the selector means, by serial.</summary>
    [AllowNull]
    public IReadOnlyList<MachineChangesItem> Items { get; init => field = ContractLists.Clean(value); } = [];
}

/// <summary>One machine of several.</summary>
public sealed record MachineChangesItem
{
    /// <summary>It was changed, or would be.</summary>
    public const string Changed = "changed";

    /// <summary>It is as asked already.</summary>
    public const string Unchanged = "unchanged";

    /// <summary>It was refused, or would be.</summary>
    public const string Refused = "refused";

    /// <summary>Its serial.</summary>
    [AllowNull]
    public string Serial { get; init => field = value ?? ""; } = "";

    /// <summary><c>changed</c>, <c>unchanged</c> or <c>refused</c>.</summary>
    [AllowNull]
    public string Outcome { get; init => field = value ?? ""; } = "";

    /// <summary>Its state before.</summary>
    [AllowNull]
    public string State { get; init => field = value ?? ""; } = "";

    /// <summary>What changes, or why it is refused.</summary>
    public string? Detail { get; init; }
}
