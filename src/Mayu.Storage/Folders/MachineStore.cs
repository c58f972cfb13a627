using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Disk;

namespace Mayu.Storage.Folders;

/// <summary>
/// Machines in a cluster directory, a folder each. One writer takes what waits, decides it in order, and makes it durable in one go; then everybody
/// who waited is answered.
/// </summary>
public sealed class MachineStore : IMachineStore
{
    private readonly StoreContext _store;
    private readonly DirectoryLock _lock;
    private readonly RecordFolder _folder;
    private readonly StoreWriter _writer;
    private int _disposed;

    private MachineStore(StoreContext store, DirectoryLock directoryLock, RecordFolder folder, ICommitter committer)
    {
        (_store, _lock, _folder, Committer) = (store, directoryLock, folder, committer);
        _writer = new StoreWriter(store, folder);
    }

    /// <summary>Which cluster it is: 32 hex digits, the same in every clone.</summary>
    public required string ClusterId { get; init; }

    /// <inheritdoc/>
    public ClusterSnapshot Current => _folder.Published.Snapshot;

    /// <inheritdoc/>
    public IReadOnlyList<QuarantinedRecord> Quarantined => _folder.Published.Quarantined;

    /// <inheritdoc/>
    public string? Trouble => _writer.Trouble;

    /// <inheritdoc/>
    public PushState? Push => Committer.Push;

    /// <summary>What makes its batches durable.</summary>
    internal ICommitter Committer { get; }

    /// <summary>
    /// Opens a cluster directory. It is made if missing; what a crash left behind is put in order; edited records are taken over; records that cannot be
    /// read are set aside and named.
    /// </summary>
    /// <param name="store">Where, and how to work.</param>
    /// <param name="committer">What makes batches durable; it is disposed with the store.</param>
    /// <exception cref="StoreUnavailableException">Another mayu has it open, or it cannot be read or written; the message names the path.</exception>
    internal static async Task<MachineStore> OpenAsync(StoreContext store, ICommitter committer)
    {
        DirectoryLock? directoryLock = null;
        try
        {
            directoryLock = ClusterDirectory.Take(store.Layout);
            await committer.PrepareAsync();
            var folder = new RecordFolder(store, committer);
            await folder.CatchUpAsync();
            var (snapshot, quarantined) = folder.Published;
            var (machines, records) = (Counted.Of(snapshot.Count, "machine"), Counted.Of(quarantined.Length, "record"));
            store.Logger.Opened(store.Layout.Directory, committer.Position, machines, records);
            var id = ClusterIdentity.Of(store.Layout, committer.FirstCommit);
            committer.Start();
            return new MachineStore(store, directoryLock, folder, committer) { ClusterId = id };
        }
        catch (Exception e)
        {
            await committer.DisposeAsync();
            store.Dispose();
            directoryLock?.Dispose();
            if (!StoreWriter.IsTrouble(e))
            {
                throw;
            }

            throw new StoreUnavailableException($"The cluster directory {store.Layout.Directory} cannot be opened: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public Task<ChangeOutcome> ChangeAsync(Author author, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken) =>
        _writer.ChangeAsync(author, decide, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Change>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => Committer.HistoryAsync(query, cancellationToken);

    /// <inheritdoc/>
    public Task<Machine?> MachineAtAsync(Serial serial, HistoryPoint point, CancellationToken cancellationToken) =>
        Committer.MachineAtAsync(serial, point, cancellationToken);

    /// <summary>Finishes what waits, and lets go of the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _writer.DisposeAsync();
            await Committer.DisposeAsync();
            _store.Dispose();
            _lock.Dispose();
        }
    }
}
