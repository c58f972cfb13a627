using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>The body of <c>POST /api/v1/machines/{serial}/rollback</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record RollbackRequest
{
    /// <summary>The change after which the record stood as it is wanted (its <see cref="Change.Id"/>), or a time (RFC 3339).</summary>
    [AllowNull]
    public string To { get; init => field = value ?? ""; } = "";

    /// <summary>Why, for the history, or null.</summary>
    public string? Reason { get; init; }
}
