using Mayu.Client.Contracts;

namespace Mayu.Client;

/// <summary>A request that came to nothing, told so that an operator knows what to do.</summary>
/// <param name="Kind">The kind of failure.</param>
/// <param name="Title">What happened, in one line.</param>
/// <param name="Detail">What was wrong this time, in the server's or the system's words, or null.</param>
/// <param name="Advice">What to try, or null.</param>
/// <param name="Status">The HTTP status, or null where nobody answered.</param>
/// <remarks>Title and detail may be the words of a server that is none of ours: escape them for a terminal.</remarks>
public sealed record ApiFailure(ApiFailureKind Kind, string Title, string? Detail = null, string? Advice = null, int? Status = null)
{
    /// <summary>The fields of the request that are wrong; empty where it is about none of them.</summary>
    public IReadOnlyList<FieldError> Errors { get; init; } = [];

    /// <summary>Whether it may pass by itself: nobody answered, the server failed, or too much came from this host.</summary>
    public bool MayPass => Kind is ApiFailureKind.Unreachable or ApiFailureKind.ServerFailed || Status == 429;

    /// <summary>The exception behind it, for those who debug; null for an answer of the server.</summary>
    public Exception? Cause { get; init; }
}
