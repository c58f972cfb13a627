using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>One event of <c>GET /api/v1/events/machines</c>. Applied in their order they make the list of machines.</summary>
public sealed record MachineEvent
{
    /// <summary>A list begins anew: what the reader has is void as soon as <see cref="SyncedKind"/> comes.</summary>
    public const string SnapshotKind = "snapshot";

    /// <summary>A machine is there, and is so.</summary>
    public const string UpsertKind = "upsert";

    /// <summary>A machine is gone, or the selector does not mean it any more. It may be one that the reader does not have.</summary>
    public const string DeleteKind = "delete";

    /// <summary>The reader has every machine now.</summary>
    public const string SyncedKind = "synced";

    /// <summary>The reader knew no event.</summary>
    public const string First = "first";

    /// <summary>The event that the reader named is of another start of the server.</summary>
    public const string Restarted = "restarted";

    /// <summary>More machines were deleted since the event that the reader named, than the server remembers.</summary>
    public const string TooOld = "too-old";

    /// <summary>What happened: one of the kinds above. A newer server may know more of them.</summary>
    [AllowNull]
    public string Kind { get; init => field = value ?? ""; } = "";

    /// <summary>The machine; of upsert and delete.</summary>
    public string? Serial { get; init; }

    /// <summary>
    /// The number of this change of the machine since the server started; what changes within a tenth of a second is one change. If it is more than one
    /// above the last that was read, those in between were merged into this one.
    /// </summary>
    public long? Revision { get; init; }

    /// <summary>The machine as the list has it; of upsert.</summary>
    public Machine? Machine { get; init; }

    /// <summary>Why a list begins: first, restarted or too-old; of snapshot. A newer server may know other reasons.</summary>
    public string? Reason { get; init; }
}
