namespace Mayu.Server.Api.Events;

/// <summary>What a reader of the machines' feed is told.</summary>
/// <param name="Kind">What.</param>
/// <param name="State">The machine; null where it is about none.</param>
/// <param name="Id">The number from which the stream goes on after this; null: from none, in a snapshot.</param>
internal readonly record struct FeedEvent(FeedEventKind Kind, FeedState? State, long? Id)
{
    /// <summary>Why a snapshot begins.</summary>
    public string? Reason { get; init; }
}

/// <summary>The kinds of it.</summary>
internal enum FeedEventKind
{
    /// <summary>What the reader has is void: all machines follow.</summary>
    Snapshot,

    /// <summary>The machine is there, and is so.</summary>
    Upsert,

    /// <summary>The machine is not there any more, or is not meant any more.</summary>
    Delete,

    /// <summary>The reader has every machine as it is.</summary>
    Synced,
}
