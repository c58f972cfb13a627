using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Net;

/// <summary>
/// Makes every log of the process a <see cref="LimitedLog"/>, the web server's own too, one for each part of the server: no line that a request or a
/// packet causes is without a limit, and nobody has to think of it where a line is written. What was left out is told within a second.
/// </summary>
internal sealed class LimitedLoggers : ILoggerFactory
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, LimitedLog> _logs = new(StringComparer.Ordinal);
    private readonly ILoggerFactory _inner;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private int _isArmed;

    /// <param name="inner">Makes the logs; it stays its owner's.</param>
    /// <param name="clock">The time.</param>
    public LimitedLoggers(ILoggerFactory inner, TimeProvider clock)
    {
        (_inner, _clock) = (inner, clock);
        _timer = clock.CreateTimer(static loggers => ((LimitedLoggers)loggers!).TellLeftOut(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        _logs.GetOrAdd(categoryName, static (name, self) => new LimitedLog(self._inner.CreateLogger(name), self._clock, whenLeftOut: self.Arm), this);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => _inner.AddProvider(provider);

    /// <summary>Tells what was left out and is not told yet.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        TellLeftOut();
    }

    private void Arm()
    {
        if (Interlocked.Exchange(ref _isArmed, 1) == 0)
        {
            _timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    private void TellLeftOut()
    {
        Volatile.Write(ref _isArmed, 0);
        foreach (var log in _logs.Values)
        {
            log.TellLeftOut();
        }
    }
}
