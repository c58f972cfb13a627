using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>
/// The body of <c>POST /api/v1/machine-changes</c>: one change for all machines that a selector means. Without <see cref="Confirm"/> nothing is
/// changed: the answer tells what would be, and what to confirm it with.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MachineChangesRequest
{
    /// <summary>The machines (<c>rack=7,state=running</c>); <c>serial=*</c> means all that have a record.</summary>
    [AllowNull]
    public string Selector { get; init => field = value ?? ""; } = "";

    /// <summary>The state to set; or null.</summary>
    public StateChangeRequest? State { get; init; }

    /// <summary>The fields to set, of those that several machines may have alike: profile, enabled, metadata, cabinet, notes; or null.</summary>
    public MachineChangeRequest? Change { get; init; }

    /// <summary>The template variable to set or to take away; or null.</summary>
    public MachineOverride? Override { get; init; }

    /// <summary>The removal of their records; or null.</summary>
    public MachineDeletion? Delete { get; init; }

    /// <summary>What the answer without it had as <see cref="MachineChangesResult.Confirm"/>: the same change of the same machines, as they still are.</summary>
    public string? Confirm { get; init; }

    /// <summary>Why, for the history, or null.</summary>
    public string? Reason { get; init; }
}

/// <summary>A template variable of several machines.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MachineOverride
{
    /// <summary>Its name.</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Its value; null takes it away.</summary>
    public string? Value { get; init; }
}

/// <summary>The removal of the records of several machines.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MachineDeletion
{
    /// <summary>True: even of those that have an operating system and are enabled.</summary>
    public bool Force { get; init; }
}
