using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>The body of <c>PUT /api/v1/machines/{serial}/overrides/{name}</c>: a template variable for one machine.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record OverrideRequest
{
    /// <summary>Its value; null where the request named none.</summary>
    public string? Value { get; init; }

    /// <summary>Why, for the history, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Prints it without the value, which may be a secret.</summary>
    public override string ToString() => $"an override ({Reason})";
}
