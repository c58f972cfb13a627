using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Machines;

/// <summary>
/// Where machines and their history are kept. Every implementation passes the same contract tests.
/// </summary>
public interface IMachineStore : IAsyncDisposable
{
    /// <summary>The newest committed state. Never waits.</summary>
    ClusterSnapshot Current { get; }

    /// <summary>Records that could not be read and were left aside, each named. Every other machine goes on.</summary>
    IReadOnlyList<QuarantinedRecord> Quarantined { get; }

    /// <summary>Why the last change could not be made durable; null when it could. For readiness; it goes with the next change that works.</summary>
    string? Trouble => null;

    /// <summary>How far a remote is behind that changes are pushed to; null where there is none.</summary>
    PushState? Push => null;

    /// <summary>
    /// The one way to change a machine. <paramref name="decide"/> is given the newest snapshot and says what is to change;
    /// it is pure, and is asked again when something moved meanwhile. The task ends when the change is durable and in the
    /// history, and no reader sees it before.
    /// </summary>
    /// <param name="author">Who changes it, and why.</param>
    /// <param name="decide">Snapshot in, proposal out.</param>
    /// <param name="cancellationToken">Gives up waiting; a change that was begun is still finished.</param>
    /// <exception cref="StoreUnavailableException">It could not be made durable (full or broken disk); nothing was changed.</exception>
    Task<ChangeOutcome> ChangeAsync(Author author, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken);

    /// <summary>The changes, newest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The history cannot be read.</exception>
    /// <exception cref="NoSuchChangeException">The query names a change that there is not, or the store keeps no history.</exception>
    /// <exception cref="QuestionTooWideException">The answer would take too long to find; the message says how to ask for less.</exception>
    Task<IReadOnlyList<Change>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken);

    /// <summary>A machine's record as it stood at a moment; null when there was none then.</summary>
    /// <param name="serial">The machine.</param>
    /// <param name="point">The moment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The history cannot be read.</exception>
    /// <exception cref="NoSuchChangeException">The moment is a change that there is not, or the store keeps no history.</exception>
    Task<Machine?> MachineAtAsync(Serial serial, HistoryPoint point, CancellationToken cancellationToken);
}

/// <summary>How far a remote is behind.</summary>
/// <param name="Commit">The last commit that was pushed since the start; null when none was.</param>
/// <param name="At">When that was.</param>
/// <param name="CommitsBehind">How many commits were made since; those that somebody made by hand are not counted.</param>
/// <param name="BehindSince">Since when the remote lacks a commit of ours, at most this early; null when it has all.</param>
/// <param name="Error">Why the last try failed, without credentials; null when it worked, or none was made.</param>
public sealed record PushState(string? Commit, DateTimeOffset? At, int CommitsBehind, DateTimeOffset? BehindSince, string? Error);

/// <summary>A record that could not be read.</summary>
/// <param name="Name">Its file or key.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record QuarantinedRecord(string Name, string Reason);

/// <summary>Who changes a machine.</summary>
/// <param name="Who">A token's name, a machine's serial, or <c>system</c>.</param>
/// <param name="Why">The message that came with it, if any.</param>
public sealed record Author(string Who, string? Why = null)
{
    /// <summary>The machine speaks for itself.</summary>
    public static Author Of(Serial serial) => new($"machine {serial}");
}

/// <summary>One change in the history.</summary>
/// <param name="Id">Its name in the store: in a git store the commit.</param>
/// <param name="At">When it was committed.</param>
/// <param name="Who">Who made it.</param>
/// <param name="Serial">The machine; null when its name cannot be read.</param>
/// <param name="What">What changed.</param>
/// <param name="Why">The message that came with it, if any.</param>
public sealed record Change(string Id, DateTimeOffset At, string Who, Serial? Serial, string What, string? Why)
{
    /// <summary>This change among those of its id, for <see cref="HistoryQuery.Before"/>: changes of the same moment share an id.</summary>
    public string Cursor { get; init; } = Id;

    /// <summary>
    /// The fields of the record that differ from what they were, by their names in the record, in ordinal order. Empty unless
    /// <see cref="HistoryQuery.WithFields"/> or <see cref="HistoryQuery.Field"/> asked for them.
    /// </summary>
    public ImmutableArray<FieldChange> Fields { get; init; } = [];
}

/// <summary>A field of a record before and after a change.</summary>
/// <param name="Name">Its name in the record (<c>State</c>).</param>
/// <param name="Old">Its former value as JSON; null when it was not there.</param>
/// <param name="New">Its value as JSON; null when it is gone.</param>
public sealed record FieldChange(string Name, string? Old, string? New);

/// <summary>Which changes are asked for. What is null asks for nothing.</summary>
public sealed record HistoryQuery
{
    /// <summary>The most changes that one answer holds.</summary>
    public const int MaxLimit = 10_000;

    /// <summary>Of one machine.</summary>
    public Serial? Serial { get; init; }

    /// <summary>At this moment or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before this moment.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>By this author, exactly (<c>operator</c>, <c>machine abc</c>).</summary>
    public string? Who { get; init; }

    /// <summary>That changed this field of the record (<c>State</c>), whatever its case.</summary>
    public string? Field { get; init; }

    /// <summary>
    /// Older than this change: the <see cref="Change.Cursor"/> of the last one of a former answer. An <see cref="Change.Id"/>, or its beginning, leaves out all
    /// changes of that id.
    /// </summary>
    public string? Before { get; init; }

    /// <summary>Tell the fields too, not only what the change said of itself.</summary>
    public bool WithFields { get; init; }

    /// <summary>How many at most, 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 50;
}

/// <summary>A moment in the history: right after a change, or a time.</summary>
/// <param name="Change">A change's <see cref="Machines.Change.Id"/>, whole or its first 7 characters or more; null: <paramref name="At"/> says it.</param>
/// <param name="At">The time; null: <paramref name="Change"/> says it.</param>
public sealed record HistoryPoint(string? Change, DateTimeOffset? At)
{
    /// <summary>Right after a change.</summary>
    public static HistoryPoint After(string change) => new(change, null);

    /// <summary>A time.</summary>
    public static HistoryPoint Time(DateTimeOffset at) => new(null, at);
}

/// <summary>The store cannot make anything durable now. The message says what is wrong and where.</summary>
public class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The history has no such change. The message names it.</summary>
public sealed class NoSuchChangeException(string message, Exception? inner = null) : StoreUnavailableException(message, inner);

/// <summary>To answer would take too long. The message says how to ask for less.</summary>
public sealed class QuestionTooWideException(string message, Exception? inner = null) : StoreUnavailableException(message, inner);
