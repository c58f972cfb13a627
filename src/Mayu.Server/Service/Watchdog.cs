namespace Mayu.Server.Service;

/// <summary>
/// Tells the service manager twice in its time that the server works, as long as it does. When it does not, nothing is told, and the service
/// manager ends the process and starts it again (ADR 48).
/// </summary>
internal sealed partial class Watchdog : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    /// <summary>Begins.</summary>
    /// <param name="manager">The service manager.</param>
    /// <param name="defectOf">What does not run any more, as a sentence; null: everything runs.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Where a defect is told.</param>
    public Watchdog(ServiceManager manager, Func<string?> defectOf, TimeProvider clock, ILogger log) =>
        _running = manager.WatchdogTime is { } time ? RunAsync(manager, time / 2, defectOf, clock, log) : Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(ServiceManager manager, TimeSpan interval, Func<string?> defectOf, TimeProvider clock, ILogger log)
    {
        // A timer does not go below this.
        using var timer = new PeriodicTimer(interval < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : interval, clock);
        try
        {
            do
            {
                if (defectOf() is { } defect)
                {
                    LogDefect(log, defect);
                }
                else
                {
                    manager.Alive();
                }
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Defect}. The watchdog is not told that the server works: the service manager will restart it")]
    private static partial void LogDefect(ILogger log, string defect);
}
