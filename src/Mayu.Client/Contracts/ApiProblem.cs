using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>The body of every refused request: <c>application/problem+json</c> (RFC 9457).</summary>
public sealed record ApiProblem
{
    /// <summary>The media type of this body.</summary>
    public const string MediaType = "application/problem+json";

    /// <summary>URI of the kind of problem, or null (<c>about:blank</c>).</summary>
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    /// <summary>The kind of problem in a few words: the same for every occurrence.</summary>
    [JsonPropertyName("title")]
    public string? Title { get; init; }

    /// <summary>The HTTP status code, 400 to 599, or null.</summary>
    [JsonPropertyName("status")]
    public int? Status { get; init; }

    /// <summary>What was wrong this time, and what to do about it.</summary>
    [JsonPropertyName("detail")]
    public string? Detail { get; init; }

    /// <summary>The fields of the body that are wrong, all that are known to be; null where it is about none of them.</summary>
    [JsonPropertyName("errors")]
    public IReadOnlyList<FieldError>? Errors { get; init => field = value is null ? null : ContractLists.Clean(value); }
}
