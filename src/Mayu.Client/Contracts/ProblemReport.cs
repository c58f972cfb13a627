using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>Why a machine is stuck.</summary>
public sealed record ProblemReport
{
    /// <summary>When it was noticed (RFC 3339 on the wire).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The hop at which it happened: one of <see cref="HopNames"/>, or a step of the first-stage script.</summary>
    [AllowNull]
    public string Hop { get; init => field = value ?? ""; } = "";

    /// <summary>The reason, for the operator to read.</summary>
    [AllowNull]
    public string Reason { get; init => field = value ?? ""; } = "";
}
