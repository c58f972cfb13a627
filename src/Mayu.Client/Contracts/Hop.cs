using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>One mark of a machine's boot trace.</summary>
public sealed record Hop
{
    /// <summary>Which mark it is: one of <see cref="HopNames"/>. A newer server may know more of them.</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>When it was left (RFC 3339 on the wire).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What happened in words (the file, the script's answer, the reason of a failure), or null.</summary>
    public string? Detail { get; init; }

    /// <summary>Bytes transferred or written so far, or null where the mark has no size.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes there are in all, or null where that is not known.</summary>
    public long? Total { get; init; }

    /// <summary>How long it took so far in milliseconds, or null where that is not known.</summary>
    public long? DurationMs { get; init; }
}
