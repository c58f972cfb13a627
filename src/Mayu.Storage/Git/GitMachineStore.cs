using Mayu.Core.Machines;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Git;

/// <summary>
/// Machines in a cluster directory that is an ordinary git repository: a folder a machine, a commit a change. One writer
/// takes what waits, decides it in order, and makes it durable in one commit; then everybody who waited is answered.
/// </summary>
public sealed class GitMachineStore : IMachineStore
{
    private readonly ClusterLayout _layout;
    private readonly DirectoryLock _lock;
    private readonly GitCluster _cluster;
    private readonly CommitHistory _history;
    private readonly StoreWriter _writer;
    private readonly ObjectPacking _packing;
    private readonly RemotePush? _push;
    private int _disposed;

    /// <summary>Which cluster it is: 32 hex digits, the same in every clone.</summary>
    public required string ClusterId { get; init; }

    private GitMachineStore(
        ClusterLayout layout, GitStoreOptions options, TimeProvider time, ILogger logger, DirectoryLock directoryLock, GitCluster cluster)
    {
        (_layout, _lock, _cluster) = (layout, directoryLock, cluster);
        _history = new CommitHistory(layout, () => cluster.PublishedHead);
        _packing = new ObjectPacking(layout, options, time, logger);
        _push = options.PushRemote is null ? null : new RemotePush(layout, options, cluster.Position, time, logger);
        cluster.Committed = commit =>
        {
            _packing.Note(commit.Objects, commit.Bytes);
            _history.Note();
            _push?.Note(commit.Head);
        };
        var writing = new StoreWriterOptions(options.MaxBatch, options.QueueLength, options.LookEvery, options.IndexIdle, options.IndexMaxAge);
        _writer = new StoreWriter(cluster, layout.Directory, writing, time, logger);
    }

    /// <summary>How far the remote is behind; null where none is configured.</summary>
    public PushState? Push => _push?.State;

    /// <summary>How many changes the index of the history holds.</summary>
    internal int IndexedChanges => _history.Indexed;

    /// <inheritdoc/>
    public ClusterSnapshot Current => _cluster.Published.Snapshot;

    /// <inheritdoc/>
    public IReadOnlyList<QuarantinedRecord> Quarantined => _cluster.Published.Quarantined;

    /// <inheritdoc/>
    public string? Trouble => _writer.Trouble;

    /// <summary>
    /// Opens a cluster directory. It is made if missing; what a crash left behind is put in order; records that hands wrote
    /// are taken over; records that cannot be read are set aside and named.
    /// </summary>
    /// <param name="directory">The cluster directory.</param>
    /// <param name="options">How to work.</param>
    /// <param name="timeProvider">The clock of commits.</param>
    /// <param name="logger">Where to tell.</param>
    /// <param name="cancellationToken">Gives up before anything is begun.</param>
    /// <exception cref="StoreUnavailableException">Another mayu has it open, or it cannot be read or written; the message names the path.</exception>
    public static async Task<GitMachineStore> OpenAsync(
        string directory, GitStoreOptions options, TimeProvider timeProvider, ILogger<GitMachineStore> logger, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var layout = new ClusterLayout(Path.GetFullPath(directory));
        DirectoryLock? directoryLock = null;
        GitCluster? cluster = null;
        try
        {
            directoryLock = Prepare(layout);
            cluster = new GitCluster(layout, options, timeProvider, logger);
            await cluster.CommitFirstAsync();
            await cluster.CatchUpAsync();
            var state = cluster.Published;
            logger.Opened(layout.Directory, cluster.PublishedHead?.Id.Sha ?? "", state.Snapshot.Count, state.Quarantined.Length);
            var id = ClusterIdentity.Of(layout);
            return new GitMachineStore(layout, options, timeProvider, logger, directoryLock, cluster) { ClusterId = id };
        }
        catch (Exception e)
        {
            cluster?.Dispose();
            directoryLock?.Dispose();
            if (!StoreWriter.IsTrouble(e))
            {
                throw;
            }

            throw new StoreUnavailableException($"The cluster directory {layout.Directory} cannot be opened: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public Task<ChangeOutcome> ChangeAsync(Author author, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken) =>
        _writer.ChangeAsync(author, decide, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Change>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, HistoryQuery.MaxLimit, nameof(query));
        if (_cluster.PublishedHead is not { } head)
        {
            return [];
        }

        try
        {
            return await Task.Run(() => _history.Read(head, query, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (StoreWriter.IsTrouble(e))
        {
            throw new StoreUnavailableException($"The history in {_layout.Directory} cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<Machine?> MachineAtAsync(Serial serial, HistoryPoint point, CancellationToken cancellationToken)
    {
        if (_cluster.PublishedHead is not { } head)
        {
            return null;
        }

        try
        {
            return await Task.Run(() => _history.At(head, serial, point, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (StoreWriter.IsTrouble(e))
        {
            throw new StoreUnavailableException($"The history in {_layout.Directory} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Finishes what waits, and lets go of the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _writer.DisposeAsync();
        await _packing.DisposeAsync();
        if (_push is not null)
        {
            await _push.DisposeAsync();
        }

        await _history.DisposeAsync();
        _cluster.Close();
        _cluster.Dispose();
        _lock.Dispose();
    }

    private static DirectoryLock Prepare(ClusterLayout layout)
    {
        var directoryLock = ClusterDirectory.Take(layout);
        try
        {
            if (!File.Exists(Path.Combine(layout.GitDirectory, "HEAD")))
            {
                var refs = Path.Combine(layout.GitDirectory, "refs", "heads");
                if (Directory.Exists(refs) && Directory.EnumerateFiles(refs, "*", SearchOption.AllDirectories).Any())
                {
                    throw new IOException($"{layout.GitDirectory}/HEAD is missing, though there are branches: the repository is damaged.");
                }

                GitLibrary.Initialise(layout);
            }

            return directoryLock;
        }
        catch
        {
            directoryLock.Dispose();
            throw;
        }
    }
}
