using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>The body of <c>POST /api/v1/machines/{serial}/conflict</c>: which of two machines with one serial is right.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ConflictRequest
{
    /// <summary>True: the one that came later is the machine. False: its claim is dismissed. Null where the request did not say.</summary>
    public bool? Accept { get; init; }

    /// <summary>Why, for the history, or null.</summary>
    public string? Reason { get; init; }
}
