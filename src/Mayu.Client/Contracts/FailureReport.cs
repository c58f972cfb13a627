using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>The body of <c>POST /callbacks/{serial}/failed</c>: a step on the machine failed.</summary>
public sealed record FailureReport
{
    /// <summary>The step that failed (<c>disk</c>).</summary>
    [AllowNull]
    [JsonPropertyName("step")]
    public string Step { get; init => field = value ?? ""; } = "";

    /// <summary>Why, for the operator to read.</summary>
    [AllowNull]
    [JsonPropertyName("reason")]
    public string Reason { get; init => field = value ?? ""; } = "";
}
