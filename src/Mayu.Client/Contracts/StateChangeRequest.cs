using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>The body of <c>PUT /api/v1/machines/{serial}/state</c>: an operator's word about a machine's life.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record StateChangeRequest
{
    /// <summary>The state to set: one of <see cref="MachineStates"/>; empty where the request named none.</summary>
    [AllowNull]
    public string State { get; init => field = value ?? ""; } = "";

    /// <summary>True to keep the data on the machine's disk when it is installed again.</summary>
    public bool KeepDiskData { get; init; }

    /// <summary>Why, for the history, or null.</summary>
    public string? Reason { get; init; }
}
