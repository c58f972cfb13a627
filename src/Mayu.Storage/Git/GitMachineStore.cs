using System.Threading.Channels;
using LibGit2Sharp;
using Mayu.Core.Machines;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Git;

/// <summary>
/// Machines in a cluster directory that is an ordinary git repository: a folder a machine, a commit a change. One writer
/// takes what waits, decides it in order, and makes it durable in one commit; then everybody who waited is answered.
/// </summary>
public sealed class GitMachineStore : IMachineStore
{
    // Somebody who edits or commits in a loop can outrun us this often before the change is given up.
    private const int MaxAttempts = 5;

    // While a person's git holds the index.
    private static readonly TimeSpan IndexRetry = TimeSpan.FromSeconds(1);

    private readonly ClusterLayout _layout;
    private readonly GitStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly DirectoryLock _lock;
    private readonly GitCluster _cluster;
    private readonly CommitHistory _history;
    private readonly Channel<PendingChange> _queue;
    private readonly Task _writer;
    private int _disposed;

    private GitMachineStore(
        ClusterLayout layout, GitStoreOptions options, TimeProvider time, ILogger logger, DirectoryLock directoryLock, GitCluster cluster)
    {
        (_layout, _options, _time, _logger, _lock, _cluster) = (layout, options, time, logger, directoryLock, cluster);
        _history = new CommitHistory(layout);
        _queue = Channel.CreateBounded<PendingChange>(new BoundedChannelOptions(options.QueueLength) { SingleReader = true });
        _writer = Task.Run(WriteAsync);
    }

    /// <inheritdoc/>
    public ClusterSnapshot Current => _cluster.Published.Snapshot;

    /// <inheritdoc/>
    public IReadOnlyList<QuarantinedRecord> Quarantined => _cluster.Published.Quarantined;

    /// <inheritdoc/>
    public string? Trouble { get; private set; }

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
            await cluster.ReloadAsync();
            var state = cluster.Published;
            logger.Opened(layout.Directory, state.Head?.Sha ?? "", state.Snapshot.Count, state.Quarantined.Length);
            return new GitMachineStore(layout, options, timeProvider, logger, directoryLock, cluster);
        }
        catch (Exception e)
        {
            cluster?.Dispose();
            directoryLock?.Dispose();
            if (!IsTrouble(e))
            {
                throw;
            }

            throw new StoreUnavailableException($"The cluster directory {layout.Directory} cannot be opened: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async Task<ChangeOutcome> ChangeAsync(Author author, Func<ClusterSnapshot, Proposal> decide, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var change = new PendingChange(author, decide, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(change, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new ObjectDisposedException("The store is closed.", e);
        }

        return await change.Answer.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Change>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, HistoryQuery.MaxLimit, nameof(query));
        if (_cluster.Published.Head is not { } head)
        {
            return [];
        }

        try
        {
            return await Task.Run(() => _history.Read(head, query.Serial, query.Limit, cancellationToken), cancellationToken);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            throw new StoreUnavailableException($"The history in {_layout.Directory} cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public Task<Machine?> MachineAtAsync(Serial serial, HistoryPoint point, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Finishes what waits, and lets go of the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _queue.Writer.Complete();
        await _writer;
        _cluster.Dispose();
        _lock.Dispose();
    }

    private static DirectoryLock Prepare(ClusterLayout layout)
    {
        if (!Directory.Exists(layout.Directory))
        {
            Directory.CreateDirectory(layout.Directory);
            if (!OperatingSystem.IsWindows())
            {
                // Overrides may hold secrets: nobody else's business, unless an operator made the directory himself.
                File.SetUnixFileMode(layout.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        if (File.Exists(layout.GitDirectory))
        {
            throw new IOException($"{layout.GitDirectory} is a file: a linked worktree or a submodule cannot be a cluster directory.");
        }

        Directory.CreateDirectory(layout.Own);
        var directoryLock = DirectoryLock.TryTake(layout.Lock, out var holder)
            ?? throw new IOException($"another mayu (pid {holder}) has it open.");
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

    // Ends when the store is disposed and nothing waits any more.
    private async Task WriteAsync()
    {
        var indexed = _time.GetTimestamp();
        var waiting = new List<PendingChange>(_options.MaxBatch);
        while (true)
        {
            var more = _queue.Reader.WaitToReadAsync().AsTask();
            for (var pause = _options.IndexIdle; _cluster.Index.IsBehind && !more.IsCompleted; pause = IndexRetry)
            {
                await Task.WhenAny(more, Task.Delay(pause, _time));
                if (!more.IsCompleted)
                {
                    WriteIndex();
                    indexed = _time.GetTimestamp();
                }
            }

            if (!await more)
            {
                WriteIndex();
                return;
            }

            if (_cluster.Index.IsBehind && _time.GetElapsedTime(indexed) >= _options.IndexMaxAge)
            {
                WriteIndex();
                indexed = _time.GetTimestamp();
            }

            waiting.Clear();
            while (waiting.Count < _options.MaxBatch && _queue.Reader.TryRead(out var change))
            {
                if (!change.DropIfAbandoned())
                {
                    waiting.Add(change);
                }
            }

            await CommitAsync(waiting);
        }
    }

    private async Task CommitAsync(List<PendingChange> waiting)
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                if (_cluster.NeedsReload)
                {
                    await _cluster.ReloadAsync();
                }

                var batch = new ChangeBatch(_cluster.Published.Snapshot, _cluster.Guard);
                foreach (var change in waiting)
                {
                    batch.Decide(change);
                }

                try
                {
                    if (batch.Puts.Count > 0)
                    {
                        await _cluster.CommitAsync(batch);
                        Recovered();
                    }

                    batch.Complete();
                    return;
                }
                catch (HandsAtWorkException e) when (attempt < MaxAttempts)
                {
                    _logger.HandsAtWork(e.Message);
                }
            }
        }
        catch (Exception e)
        {
            // Whatever went wrong, whoever waits is told, and the writer lives on.
            _logger.CommitFailed(_layout.Directory, e);
            Trouble = $"The cluster directory {_layout.Directory} takes no changes: {e.Message} Nothing was changed.";
            foreach (var change in waiting)
            {
                change.Fail(new StoreUnavailableException(Trouble, e));
            }
        }
    }

    private void Recovered()
    {
        if (Trouble is not null)
        {
            Trouble = null;
            _logger.Recovered(_layout.Directory);
        }
    }

    private void WriteIndex()
    {
        try
        {
            _cluster.Index.Write();
        }
        catch (Exception e) when (IsTrouble(e))
        {
            _logger.IndexFailed(_layout.Directory, e);
        }
    }

    private static bool IsTrouble(Exception e) => e is IOException or UnauthorizedAccessException or LibGit2SharpException;
}
