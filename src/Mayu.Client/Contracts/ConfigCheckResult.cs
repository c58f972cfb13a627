using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>What is wrong with the configuration file, and with what it names, as they are on the server's disk. Nothing was loaded.</summary>
public sealed record ConfigCheckResult
{
    /// <summary>The configuration file.</summary>
    [AllowNull]
    public string File { get; init => field = value ?? ""; } = "";

    /// <summary>Whether the file itself could be loaded.</summary>
    public bool IsValid { get; init; }

    /// <summary>How many known machines had their configs rendered and checked.</summary>
    public int Machines { get; init; }

    /// <summary>All that was found.</summary>
    [AllowNull]
    public IReadOnlyList<ConfigFinding> Findings { get; init => field = ContractLists.Clean(value); } = [];
}

/// <summary>One thing that a check found.</summary>
public sealed record ConfigFinding
{
    /// <summary>Something is wrong: the file cannot be loaded, or machines would not get what they need.</summary>
    public const string Error = "error";

    /// <summary>Nothing fails for it, or it could not be checked.</summary>
    public const string Warning = "warning";

    /// <summary>It is about what Mayu cannot check.</summary>
    public const string Note = "note";

    /// <summary><c>error</c>, <c>warning</c> or <c>note</c>.</summary>
    [AllowNull]
    public string Severity { get; init => field = value ?? ""; } = "";

    /// <summary>The key of the configuration that it is about; null: the file as a whole.</summary>
    public string? Key { get; init; }

    /// <summary>Where it is: a file, an environment variable or a flag; null where that is not one place.</summary>
    public string? Source { get; init; }

    /// <summary>The line of the file, from 1, or null.</summary>
    public int? Line { get; init; }

    /// <summary>The column of the line, from 1, or null.</summary>
    public int? Column { get; init; }

    /// <summary>What is wrong, and what would be right.</summary>
    [AllowNull]
    public string Message { get; init => field = value ?? ""; } = "";
}
