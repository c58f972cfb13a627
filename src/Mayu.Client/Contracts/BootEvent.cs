using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>One event of <c>GET /api/v1/events</c>.</summary>
public sealed record BootEvent
{
    /// <summary>A mark was left, or grew.</summary>
    public const string HopKind = "hop";

    /// <summary>The state of a machine's record changed.</summary>
    public const string StateKind = "state";

    /// <summary>A machine is stuck.</summary>
    public const string StallKind = "stall";

    /// <summary>A machine that was stuck makes progress again.</summary>
    public const string MovingKind = "moving";

    /// <summary>Events were missed: the reader was too slow, or the server began anew.</summary>
    public const string GapKind = "gap";

    /// <summary>What happened: one of the kinds above. A newer server may know more of them.</summary>
    [AllowNull]
    public string Kind { get; init => field = value ?? ""; } = "";

    /// <summary>When (RFC 3339 on the wire).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The machine, or null while only its MAC is known.</summary>
    public string? Serial { get; init; }

    /// <summary>The MAC that it boots from, or null where none was seen.</summary>
    public string? MacAddress { get; init; }

    /// <summary>The mark.</summary>
    public Hop? Hop { get; init; }

    /// <summary>The state it has now, or null when its record is gone.</summary>
    public string? State { get; init; }

    /// <summary>The state that it had, or null for a new record.</summary>
    public string? Before { get; init; }

    /// <summary>Why it is stuck.</summary>
    public StallReport? Stall { get; init; }

    /// <summary>How many events were missed, or null where that is not known.</summary>
    public long? Missed { get; init; }
}
