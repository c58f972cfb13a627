using System.Threading.Channels;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Folders;

/// <summary>
/// The one writer: takes what waits, decides it in order, makes it durable in one go, and answers everybody. Between changes it
/// looks for edits, and after a failure whether the disk is well again.
/// </summary>
internal sealed class StoreWriter : IAsyncDisposable
{
    // Somebody who edits or commits in a loop can outrun us this often before the change is given up.
    private const int MaxAttempts = 5;

    // Reading ten thousand records each second would not mend a disk.
    private const int MostLooksToSkip = 9;

    // While a person's git holds the index.
    private static readonly TimeSpan IdleRetry = TimeSpan.FromSeconds(1);

    private readonly RecordFolder _cluster;
    private readonly string _directory;
    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    // Null only wakes the writer.
    private readonly Channel<PendingChange?> _queue;
    private readonly ITimer _lookTimer;
    private readonly Task _writer;
    private int _lookDue;
    private int _looksToSkip;
    private int _failedLooks;
    private long _idleWorkDone;
    private int _disposed;

    public StoreWriter(StoreContext store, RecordFolder cluster)
    {
        (_cluster, _directory, _options, _time, _logger) = (cluster, store.Layout.Directory, store.Options, store.Time, store.Logger);
        _queue = Channel.CreateBounded<PendingChange?>(new BoundedChannelOptions(_options.QueueLength) { SingleReader = true });
        _idleWorkDone = _time.GetTimestamp();
        _writer = Task.Run(WriteAsync);
        _lookTimer = _time.CreateTimer(_ => WakeToLook(), null, _options.LookEvery, _options.LookEvery);
    }

    /// <summary>Why changes do not go through, or the directory cannot be read; null when all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Puts a change in the queue, and waits for its answer.</summary>
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

    /// <summary>Finishes what waits.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _lookTimer.DisposeAsync();
            _queue.Writer.Complete();
            await _writer;
        }
    }

    /// <summary>Whether an exception means the disk or what is on it, not a bug.</summary>
    public static bool IsTrouble(Exception e) => e is IOException or UnauthorizedAccessException;

    // A full disk is told in a sentence; where it is a bug, the stack says where.
    private static Exception? DefectIn(Exception e) => IsTrouble(e) ? null : e;

    private void WakeToLook()
    {
        // Where the queue is full the writer is awake anyway.
        if (Interlocked.Exchange(ref _lookDue, 1) == 0)
        {
            _queue.Writer.TryWrite(null);
        }
    }

    // Ends when the store is disposed and nothing waits any more.
    private async Task WriteAsync()
    {
        var waiting = new List<PendingChange>(_options.MaxBatch);
        while (true)
        {
            var more = _queue.Reader.WaitToReadAsync().AsTask();
            for (var pause = _options.IdleAfter; _cluster.HasIdleWork && !more.IsCompleted; pause = IdleRetry)
            {
                await Task.WhenAny(more, Task.Delay(pause, _time));
                if (!more.IsCompleted)
                {
                    DoIdleWork();
                }
            }

            if (!await more)
            {
                DoIdleWork();
                return;
            }

            if (_cluster.HasIdleWork && _time.GetElapsedTime(_idleWorkDone) >= _options.IdleAtLatest)
            {
                DoIdleWork();
            }

            waiting.Clear();
            while (waiting.Count < _options.MaxBatch && _queue.Reader.TryRead(out var change))
            {
                if (change is not null && !change.DropIfAbandoned())
                {
                    waiting.Add(change);
                }
            }

            if (waiting.Count > 0)
            {
                await CommitAsync(waiting);
            }

            if (Interlocked.Exchange(ref _lookDue, 0) != 0)
            {
                await LookAsync();
            }
        }
    }

    private async Task CommitAsync(List<PendingChange> waiting)
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                if (_cluster.IsBehind)
                {
                    await _cluster.CatchUpAsync();
                }

                var batch = new ChangeBatch(_cluster.Published.Snapshot, _cluster.Guard);
                waiting.ForEach(batch.Decide);
                try
                {
                    if (batch.Steps.Count > 0)
                    {
                        await _cluster.CommitAsync(batch);
                        Recovered();
                    }

                    batch.Complete();
                    return;
                }
                catch (ExternalEditException e) when (attempt < MaxAttempts)
                {
                    _logger.EditedMeanwhile(e.Message);
                }
            }
        }
        catch (Exception e)
        {
            // Whatever went wrong, whoever waits is told, and the writer lives on. The log is told once: it may lie on the same full disk.
            var trouble = $"The cluster directory {_directory} cannot be changed: {e.Reason()}. Nothing was changed.";
            if (Trouble is null || !IsTrouble(e))
            {
                _logger.CommitFailed(_directory, e.Message, DefectIn(e));
            }

            Trouble = trouble;
            waiting.ForEach(change => change.Fail(new StoreUnavailableException(Trouble, e)));
        }
    }

    private async Task LookAsync()
    {
        if (_looksToSkip > 0)
        {
            _looksToSkip--;
            return;
        }

        try
        {
            if (!_cluster.IsBehind)
            {
                _cluster.Look();
            }

            if (_cluster.IsBehind)
            {
                await _cluster.CatchUpAsync();
            }

            if (Trouble is not null)
            {
                _cluster.Probe();
                Recovered();
            }

            _failedLooks = 0;
        }
        catch (ExternalEditException e)
        {
            // They are faster than we are; the next look sees what became of it.
            _logger.EditedMeanwhile(e.Message);
        }
        catch (Exception e)
        {
            _looksToSkip = Math.Min(_failedLooks++, MostLooksToSkip);
            if (Trouble is null)
            {
                _logger.LookFailed(_directory, e.Message, DefectIn(e));
            }

            Trouble = $"The cluster directory {_directory} cannot be used: {e.Message}";
        }
    }

    private void Recovered()
    {
        if (Trouble is not null)
        {
            Trouble = null;
            _logger.Recovered(_directory);
        }
    }

    private void DoIdleWork()
    {
        try
        {
            _cluster.DoIdleWork();
        }
        catch (Exception e) when (IsTrouble(e))
        {
            _logger.IndexFailed(_directory, e.Message);
        }

        _idleWorkDone = _time.GetTimestamp();
    }
}
