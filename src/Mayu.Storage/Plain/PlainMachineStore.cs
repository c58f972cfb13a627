using Mayu.Core.Machines;
using Mayu.Storage.Git;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Plain;

/// <summary>Machines in a cluster directory without a history: the same files, as durable, and no git.</summary>
public sealed class PlainMachineStore : IMachineStore
{
    private readonly DirectoryLock _lock;
    private readonly PlainCluster _cluster;
    private readonly StoreWriter _writer;
    private int _disposed;

    /// <summary>Which cluster it is: 32 hex digits.</summary>
    public required string ClusterId { get; init; }

    private PlainMachineStore(ClusterLayout layout, GitStoreOptions options, TimeProvider time, ILogger logger, DirectoryLock directoryLock, PlainCluster cluster)
    {
        (_lock, _cluster) = (directoryLock, cluster);
        var writing = new StoreWriterOptions(options.MaxBatch, options.QueueLength, options.LookEvery, options.IndexIdle, options.IndexMaxAge);
        _writer = new StoreWriter(cluster, layout.Directory, writing, time, logger);
    }

    /// <inheritdoc/>
    public ClusterSnapshot Current => _cluster.Published.Snapshot;

    /// <inheritdoc/>
    public IReadOnlyList<QuarantinedRecord> Quarantined => _cluster.Published.Quarantined;

    /// <inheritdoc/>
    public string? Trouble => _writer.Trouble;

    /// <summary>Opens a cluster directory without a history; it is made if missing. A git repository in it is left alone, and gets no commits.</summary>
    /// <param name="directory">The cluster directory.</param>
    /// <param name="options">How to work; what concerns git is not used.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="logger">Where to tell.</param>
    /// <param name="cancellationToken">Gives up before anything is begun.</param>
    /// <exception cref="StoreUnavailableException">Another mayu has it open, or it cannot be read or written; the message names the path.</exception>
    public static async Task<PlainMachineStore> OpenAsync(
        string directory, GitStoreOptions options, TimeProvider timeProvider, ILogger<PlainMachineStore> logger, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var layout = new ClusterLayout(Path.GetFullPath(directory), HasHistory: false);
        DirectoryLock? directoryLock = null;
        PlainCluster? cluster = null;
        try
        {
            directoryLock = ClusterDirectory.Take(layout);
            cluster = new PlainCluster(layout, options, timeProvider, logger);
            await cluster.CatchUpAsync();
            var state = cluster.Published;
            logger.Opened(layout.Directory, "none, it keeps no history", state.Snapshot.Count, state.Quarantined.Length);
            var id = ClusterIdentity.Of(layout);
            return new PlainMachineStore(layout, options, timeProvider, logger, directoryLock, cluster) { ClusterId = id };
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
    public Task<IReadOnlyList<Change>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => throw NoHistory();

    /// <inheritdoc/>
    public Task<Machine?> MachineAtAsync(Serial serial, HistoryPoint point, CancellationToken cancellationToken) => throw NoHistory();

    /// <summary>Finishes what waits, and lets go of the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _writer.DisposeAsync();
            _cluster.Dispose();
            _lock.Dispose();
        }
    }

    private static NoSuchChangeException NoHistory() => new("There is no history: this server runs without git, and keeps none.");
}
