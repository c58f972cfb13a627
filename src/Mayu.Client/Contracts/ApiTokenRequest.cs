using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>Asks for a new token.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ApiTokenRequest
{
    /// <summary>Its name: 1 to 64 letters, digits and <c>-_.@</c>.</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>What it may do: <c>viewer</c>, <c>operator</c> or <c>admin</c>.</summary>
    [AllowNull]
    public string Role { get; init => field = value ?? ""; } = "";

    /// <summary>A selector of the machines that it may change (<c>rack=7,profile=core</c>); null: all.</summary>
    public string? Scope { get; init; }

    /// <summary>When it expires; null: never.</summary>
    public DateTimeOffset? Expires { get; init; }
}
