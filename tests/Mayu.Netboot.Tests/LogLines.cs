using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Tests;

/// <summary>Keeps the lines that are logged.</summary>
internal sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<LogLine> _lines = [];

    public IReadOnlyList<LogLine> All => [.. _lines];

    public IEnumerable<string> Texts => _lines.Select(line => line.Text);

    /// <summary>How many lines were left out, as far as that is told.</summary>
    public int LeftOut => _lines.Where(line => line.TellsOfOthers).Sum(line => int.Parse(line.Text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));

    public ILogger CreateLogger(string categoryName) => new Log(categoryName, _lines);

    public void Dispose()
    {
    }

    private sealed class Log(string category, ConcurrentQueue<LogLine> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(new LogLine(category, logLevel, formatter(state, exception)) { Failure = exception });
    }
}

internal sealed record LogLine(string Category, LogLevel Level, string Text)
{
    /// <summary>Whose stack trace is written behind the text.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Whether it tells how many others were left out.</summary>
    public bool TellsOfOthers => Text.Contains(" omitted: ", StringComparison.Ordinal);
}
