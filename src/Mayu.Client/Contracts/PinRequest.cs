using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>The body of <c>PUT /api/v1/pins/{key}</c>. What is null stays as it was pinned before.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PinRequest
{
    /// <summary>The profile it is to take.</summary>
    public string? Profile { get; init; }

    /// <summary>The internal IPv4 address that is kept for it.</summary>
    public string? Address { get; init; }

    /// <summary>Why, for the history, or null.</summary>
    public string? Reason { get; init; }
}
