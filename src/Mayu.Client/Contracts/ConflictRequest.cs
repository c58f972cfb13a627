using System.Text.Json.Serialization;

namespace Mayu.Client.Contracts;

/// <summary>The body of <c>POST /api/v1/machines/{serial}/conflict</c>: what an operator says about who may be this machine.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ConflictRequest
{
    /// <summary>It is the machine, with new parts.</summary>
    public const string Accept = "accept";

    /// <summary>It is another machine: what both say no longer identifies either.</summary>
    public const string Separate = "separate";

    /// <summary>Its claim is of no interest: the record stays as it is.</summary>
    public const string Dismiss = "dismiss";

    /// <summary><c>accept</c>, <c>separate</c> or <c>dismiss</c>; null where the request did not say.</summary>
    public string? Verdict { get; init; }

    /// <summary>Why, for the history, or null.</summary>
    public string? Reason { get; init; }
}
