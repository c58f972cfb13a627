using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Folders;

/// <summary>
/// What makes a batch of files durable, all or none, and says what counts where a file differs: a git branch, or without a history a list of moves.
/// By the store's one writer alone, but for the questions to the history.
/// </summary>
internal interface ICommitter : IAsyncDisposable
{
    /// <summary>Where its history stands, for the log.</summary>
    string Position { get; }

    /// <summary>How far a remote is behind; null where there is none.</summary>
    PushState? Push => null;

    /// <summary>Whether there is work for a time when no change waits.</summary>
    bool HasIdleWork => false;

    /// <summary>Does that work. False: it could not be done now, ask again later.</summary>
    /// <exception cref="IOException">It failed; nothing rests on it.</exception>
    bool DoIdleWork() => true;

    /// <summary>Readies the directory, which is locked, for a start.</summary>
    /// <exception cref="IOException">It is damaged, or cannot be written.</exception>
    Task PrepareAsync() => Task.CompletedTask;

    /// <summary>The first entry of the history, in hex digits; null where there is none.</summary>
    string? FirstCommit() => null;

    /// <summary>The state was read for the first time: from now on there will be changes.</summary>
    void Start()
    {
    }

    /// <summary>Whether somebody else changed what counts.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    bool IsMoved() => false;

    /// <summary>Finishes what a crash or a failure left behind, before files are read.</summary>
    /// <param name="all">Whether all files will be read.</param>
    /// <exception cref="IOException">It cannot be finished.</exception>
    Task RecoverAsync(bool all);

    /// <summary>Reads files, and compares them with what counts.</summary>
    /// <param name="names">Those that may have changed, beside what the committer knows to have changed; null: all.</param>
    /// <param name="former">All as they were last found.</param>
    /// <exception cref="IOException">They cannot be read.</exception>
    IReadOnlyList<TrackedFile> Read(IReadOnlyCollection<string>? names, IReadOnlyDictionary<string, TrackedFile> former);

    /// <summary>All files agree with what counts, and these are served.</summary>
    void Settle(IEnumerable<TrackedFile> served);

    /// <summary>Makes changes durable.</summary>
    /// <param name="changes">What becomes of files, one a name.</param>
    /// <param name="notes">What the history is to tell.</param>
    /// <param name="moves">The files on their way; the caller finishes them when this one has come back, and discards them when it throws.</param>
    /// <exception cref="ExternalEditException">Somebody else was at work: catch up and decide again.</exception>
    /// <exception cref="IOException">Nothing was changed.</exception>
    Task CommitAsync(IReadOnlyList<FileChange> changes, IReadOnlyList<ChangeNote> notes, FileMoves moves);

    /// <summary>Writes and flushes something of no meaning, to see whether a change would go through now.</summary>
    /// <exception cref="IOException">It would not.</exception>
    void Probe();

    /// <inheritdoc cref="IMachineStore.HistoryAsync"/>
    Task<IReadOnlyList<Change>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken);

    /// <inheritdoc cref="IMachineStore.MachineAtAsync"/>
    Task<Machine?> MachineAtAsync(Serial serial, HistoryPoint point, CancellationToken cancellationToken);
}

/// <summary>Somebody else committed, or edited a record: what changed must be read before anything is decided again.</summary>
internal sealed class ExternalEditException(string message) : IOException(message);
