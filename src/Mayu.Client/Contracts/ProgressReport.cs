using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>The body of <c>POST /callbacks/{serial}/progress</c>: how far a long step is.</summary>
public sealed record ProgressReport
{
    /// <summary>The step in words (<c>writing the image</c>).</summary>
    [AllowNull]
    [JsonPropertyName("what")]
    public string What { get; init => field = value ?? ""; } = "";

    /// <summary>Bytes done so far.</summary>
    [JsonPropertyName("done")]
    public long Done { get; init; }

    /// <summary>Bytes there are to do in all, or null where that is not known.</summary>
    [JsonPropertyName("total")]
    public long? Total { get; init; }
}
