using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>What a check of the doctor found. A check that found several things has several of them.</summary>
public sealed record DoctorFinding
{
    /// <summary>All is well.</summary>
    public const string Ok = "ok";

    /// <summary>Machines are answered, and an operator should look at it.</summary>
    public const string Warning = "warning";

    /// <summary>Some machines, or all, do not get what they need.</summary>
    public const string Error = "error";

    /// <summary>It could not be checked; <see cref="What"/> says why.</summary>
    public const string Unknown = "unknown";

    /// <summary>All statuses, the worst first.</summary>
    public static IReadOnlyList<string> Statuses { get; } = [Error, Warning, Unknown, Ok];

    /// <summary>The check (<c>images</c>).</summary>
    [AllowNull]
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary><c>ok</c>, <c>warning</c>, <c>error</c> or <c>unknown</c>.</summary>
    [AllowNull]
    public string Status { get; init => field = value ?? ""; } = "";

    /// <summary>What was found, as a sentence.</summary>
    [AllowNull]
    public string What { get; init => field = value ?? ""; } = "";

    /// <summary>What to do about it; null if nothing has to be done, or if <see cref="What"/> says it.</summary>
    public string? Remedy { get; init; }
}
