using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>An address of a pool that somebody unknown answers under on the wire.</summary>
public sealed record OccupiedAddress
{
    /// <summary>The address.</summary>
    [AllowNull]
    public string Address { get; init => field = value ?? ""; } = "";

    /// <summary>The MAC that answered.</summary>
    [AllowNull]
    public string Mac { get; init => field = value ?? ""; } = "";

    /// <summary>When it answered last.</summary>
    public DateTimeOffset LastSeen { get; init; }
}
