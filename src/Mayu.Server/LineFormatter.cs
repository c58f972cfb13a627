using Mayu.Client.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Mayu.Server;

/// <summary>
/// The log on the console: one event a line, <c>2026-01-02T15:04:05.678Z info: Mayu.Boot: what happened</c>. The event ids of the framework's own
/// formatter are left away: where none is given the number is a hash of a name in the code, and tells nobody anything.
/// </summary>
internal sealed class LineFormatter(TimeProvider clock) : ConsoleFormatter(LineName)
{
    /// <summary>How the console is told to use it.</summary>
    public const string LineName = "line";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write(clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", System.Globalization.CultureInfo.InvariantCulture));
        textWriter.Write(NameOf(logEntry.LogLevel));
        textWriter.Write(": ");
        textWriter.Write(logEntry.Category);
        textWriter.Write(": ");
        textWriter.Write(OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception)));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(' ');
            textWriter.Write(OneLine(exception.ToString()));
        }

        textWriter.Write('\n');
    }

    // Words of machines, programs and strangers stand in it: none of them writes to the terminal of who reads the log.
    private static string OneLine(string text) => text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? text : PrintableText.Escape(text.ReplaceLineEndings(" "));

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
