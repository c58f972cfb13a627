using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Net;

/// <summary>
/// A log with so many lines a second, for whatever the network can cause: a rack gets its lines, a storm or a forger does not fill the disk with
/// them. What is left out is counted, and one line tells how many. Ordinary lines, warnings, lines for debugging and lines with an exception's
/// stack are limited each for themselves, so that none of them hides another. Safe from any thread; a line that is left out allocates nothing.
/// </summary>
/// <remarks>
/// Who asks <see cref="IsEnabled"/> first and is told no has had its line counted; generated log methods ask once a line.
/// </remarks>
/// <param name="inner">Where the lines go.</param>
/// <param name="clock">The time.</param>
/// <param name="perSecond">How many ordinary lines a second, and how many warnings.</param>
/// <param name="whenLeftOut">Called when a line is left out: who has time calls <see cref="TellLeftOut"/> soon. Null: the next line tells.</param>
internal sealed partial class LimitedLog(ILogger inner, TimeProvider clock, int perSecond = LimitedLog.Lines, Action? whenLeftOut = null) : ILogger
{
    /// <summary>How many lines a second a part of the server writes.</summary>
    public const int Lines = 100;

    /// <summary>How many, for what can be the same line again and again: a listener that turns clients away.</summary>
    public const int RareLines = 1;

    // A line with a stack is as long as forty others; who debugs wants to see more.
    private const int ShareOfStacks = 10;
    private const int FactorOfDebugging = 10;

    private readonly LogQuota _debugging = new(clock, LogLevel.Debug, perSecond * FactorOfDebugging);
    private readonly LogQuota _ordinary = new(clock, LogLevel.Information, perSecond);
    private readonly LogQuota _warnings = new(clock, LogLevel.Warning, perSecond);
    private readonly LogQuota _stacks = new(clock, LogLevel.Error, Math.Max(1, perSecond / ShareOfStacks));

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        if (!inner.IsEnabled(logLevel))
        {
            return false;
        }

        if (QuotaOf(logLevel).Refuses())
        {
            whenLeftOut?.Invoke();
            return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel))
        {
            return;
        }

        var quota = exception is null ? QuotaOf(logLevel) : _stacks;
        if (!quota.TryTake(out var leftOut))
        {
            whenLeftOut?.Invoke();
            return;
        }

        Tell(quota, leftOut);
        inner.Log(logLevel, eventId, state, exception, formatter);
    }

    /// <summary>Tells how many lines were left out since that was told last, if any.</summary>
    public void TellLeftOut()
    {
        foreach (var quota in (ReadOnlySpan<LogQuota>)[_debugging, _ordinary, _warnings, _stacks])
        {
            Tell(quota, quota.TakeLeftOut());
        }
    }

    private LogQuota QuotaOf(LogLevel level) => level switch
    {
        <= LogLevel.Debug => _debugging,
        LogLevel.Information => _ordinary,
        _ => _warnings,
    };

    private void Tell(LogQuota quota, int leftOut)
    {
        if (leftOut > 0)
        {
            var lines = Counted.Of(leftOut, "more line was", "more lines were");
            LogLeftOut(inner, quota.Level, lines, quota.PerSecond);
        }
    }

    [LoggerMessage(Message = "{Lines} omitted: at most {PerSecond} are written per second")]
    private static partial void LogLeftOut(ILogger log, LogLevel level, string lines, int perSecond);
}
