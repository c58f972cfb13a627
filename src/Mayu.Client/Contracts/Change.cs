using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>One fact written about one machine: an entry of the history.</summary>
public sealed record Change
{
    /// <summary>The commit that holds it: hexadecimal digits.</summary>
    [AllowNull]
    public string Id { get; init => field = value ?? ""; } = "";

    /// <summary>This change among those of its commit: what <c>before</c> takes to read on after it.</summary>
    [AllowNull]
    public string Cursor { get; init => field = value ?? ""; } = "";

    /// <summary>When it was written (RFC 3339 on the wire).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Who wrote it: an operator's name, or the part of Mayu.</summary>
    [AllowNull]
    public string Who { get; init => field = value ?? ""; } = "";

    /// <summary>The machine's serial; empty for a change of a pin.</summary>
    [AllowNull]
    public string Serial { get; init => field = value ?? ""; } = "";

    /// <summary>What was changed (<c>updated state to running</c>).</summary>
    [AllowNull]
    public string What { get; init => field = value ?? ""; } = "";

    /// <summary>The reason that was given, or null.</summary>
    public string? Why { get; init; }

    /// <summary>The fields of the record that differ from what they were; null unless they were asked for.</summary>
    public IReadOnlyList<FieldChange>? Fields { get; init; }
}
