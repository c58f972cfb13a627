namespace Mayu.Netboot.Engines;

/// <summary>The loops of an engine, and how they end: first what answers machines, then the transfers that run.</summary>
internal sealed class EngineLoops : IAsyncDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _stop = new();
    private Task[] _running = [];

    /// <summary>Ends what answers machines. Transfers that run go on.</summary>
    public CancellationToken Draining => _drain.Token;

    /// <summary>Ends everything.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Whether none has ended.</summary>
    public bool AllRun => Array.TrueForAll(_running, loop => !loop.IsCompleted);

    /// <summary>Takes the loops, which run.</summary>
    public void Take(IEnumerable<Task> loops) => _running = [.. loops];

    /// <summary>Ends what answers machines, and waits until the transfers have ended.</summary>
    /// <param name="cancellationToken">Ends them.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        using var atOnce = cancellationToken.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        await _drain.CancelAsync();
        await Task.WhenAll(_running);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await DrainAsync(CancellationToken.None);
        _drain.Dispose();
        _stop.Dispose();
    }
}
