using System.Threading.Channels;
using Mayu.Core.Machines;
using Mayu.Storage.Folders;
using Microsoft.Extensions.Logging;

namespace Mayu.Storage.Git;

/// <summary>
/// Pushes to a remote after commits, some time later and all at once, with the <c>git</c> program: a remote that hangs or refuses is never in
/// the way of a change. Tries again with growing pauses.
/// </summary>
internal sealed class RemotePush : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly ClusterLayout _layout;
    private readonly string _remote;
    private readonly TimeSpan _delay;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private readonly Task _loop;
    private HeadPosition _head;
    private int _made;
    private int _pushed;
    private PushState _state = new(null, null, 0, null, null);

    public RemotePush(ClusterLayout layout, GitOptions options, HeadPosition head, TimeProvider time, ILogger logger)
    {
        (_layout, _remote, _delay, _head, _time, _logger) = (layout, options.PushRemote!, options.PushDelay, head, time, logger);
        _wake.Writer.TryWrite(true);
        _loop = Task.Run(() => PushAsync(_stop.Token));
    }

    /// <summary>How far the remote is behind.</summary>
    public PushState State
    {
        get
        {
            lock (_gate)
            {
                return _state with { CommitsBehind = _made - _pushed };
            }
        }
    }

    /// <summary>The branch stands there now. Never waits.</summary>
    public void Note(HeadPosition head)
    {
        lock (_gate)
        {
            (_head, _made) = (head, _made + 1);
            _state = _state with { BehindSince = _state.BehindSince ?? _time.GetUtcNow() };
        }

        _wake.Writer.TryWrite(true);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    // Ends when the store is closed.
    private async Task PushAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _wake.Reader.WaitToReadAsync(cancellationToken))
            {
                for (var pause = _delay; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
                {
                    await Task.Delay(pause, _time, cancellationToken);
                    _wake.Reader.TryRead(out _);
                    if (await TryPushAsync(cancellationToken))
                    {
                        break;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The store is closed; the next start pushes what is left.
        }
    }

    private async Task<bool> TryPushAsync(CancellationToken cancellationToken)
    {
        HeadPosition head;
        int made;
        var begun = _time.GetUtcNow();
        lock (_gate)
        {
            (head, made) = (_head, _made);
        }

        if (head.Target is not { } commit || head.Name == "HEAD")
        {
            // A detached HEAD is no branch that a remote could have.
            return true;
        }

        var (failure, _) = await GitChild.RunAsync(_layout, Limit, _time, null, cancellationToken, "push", "--quiet", "--no-verify", "--", _remote, $"{commit.Sha}:{head.Name}");
        lock (_gate)
        {
            var wasFailing = _state.Error is not null;
            _state = failure is null ? new PushState(commit.Sha, _time.GetUtcNow(), 0, made == _made ? null : begun, null) : _state with { Error = failure };
            _pushed = failure is null ? made : _pushed;
            if (failure is not null && !wasFailing)
            {
                _logger.PushFailed(GitChild.Masked(_remote), failure);
            }
            else if (failure is null && wasFailing)
            {
                _logger.PushRecovered(GitChild.Masked(_remote));
            }
        }

        return failure is null;
    }
}
