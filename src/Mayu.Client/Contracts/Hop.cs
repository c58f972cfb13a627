using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>One mark of a machine's boot trace.</summary>
public sealed record Hop
{
    /// <summary>Which mark it is: one of <see cref="HopNames"/>. A newer server may know more of them.</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>From which MAC it was left, where that is none of the machine's own; else null.</summary>
    public string? MacAddress { get; init; }

    /// <summary>When it was left, of one that was left several times the last time; of a download, when it moved on last (RFC 3339 on the wire).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>How often it was left, 1 or more. Of several marks in a row that have counts, each round left them in this order.</summary>
    public int Count { get; init => field = Math.Max(1, value); } = 1;

    /// <summary>When it was left first, or null where it was left once.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>What happened in words (the file, the script's answer, the reason of a failure), or null.</summary>
    public string? Detail { get; init; }

    /// <summary>Bytes transferred or written so far, or null where the mark has no size.</summary>
    public long? Bytes { get; init; }

    /// <summary>Bytes there are in all, or null where that is not known.</summary>
    public long? Total { get; init; }

    /// <summary>How long it took so far in milliseconds, or null where that is not known.</summary>
    public long? DurationMs { get; init; }
}
