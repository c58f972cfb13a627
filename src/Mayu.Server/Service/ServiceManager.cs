using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Mayu.Primitives;

namespace Mayu.Server.Service;

/// <summary>
/// What the service manager is told (sd_notify(3)): one datagram for each change, to the socket that it named in <c>NOTIFY_SOCKET</c>. Without that
/// variable nothing is sent. A service manager that cannot be reached keeps nothing from running; it is logged once.
/// </summary>
internal sealed partial class ServiceManager : IDisposable
{
    private const int LongestStatus = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _one = new();
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _at;
    private readonly ILogger _log;
    private bool _hasFailed;

    /// <param name="socket">The path of its socket; an abstract one begins with <c>@</c>. Null: there is no service manager.</param>
    /// <param name="watchdog">How long it waits for <see cref="Alive"/>; null: it does not wait.</param>
    /// <param name="log">Where it is told that it cannot be reached.</param>
    public ServiceManager(string? socket, TimeSpan? watchdog, ILogger log)
    {
        (_log, WatchdogTime) = (log, watchdog);
        if (string.IsNullOrEmpty(socket))
        {
            return;
        }

        try
        {
            if (socket[0] is not ('/' or '@'))
            {
                throw new ArgumentException("only the path of a UNIX socket is supported, or @ and an abstract name", nameof(socket));
            }

            _at = new UnixDomainSocketEndPoint(socket[0] == '@' ? '\0' + socket[1..] : socket);
            _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = (int)Patience.TotalMilliseconds };
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            LogUnreachable(_log, socket, e.Reason());
        }
    }

    /// <summary>How long the service manager waits for <see cref="Alive"/> before it ends the process; null: it does not wait.</summary>
    public TimeSpan? WatchdogTime { get; }

    /// <summary>There is none.</summary>
    public static ServiceManager None { get; } = new(socket: null, watchdog: null, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    /// <summary>The service manager that started this process. Programs that this one starts do not find it: its variables are removed.</summary>
    public static ServiceManager OfProcess(ILogger log)
    {
        var (socket, time, process) = (Take("NOTIFY_SOCKET"), Take("WATCHDOG_USEC"), Take("WATCHDOG_PID"));
        var isMeant = process is null || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return new ServiceManager(socket, isMeant ? TimeOf(time) : null, log);
    }

    /// <summary>The server answers machines and operators.</summary>
    public void Ready(string status) => Send("READY=1", StatusOf(status));

    /// <summary>The configuration is being read again, until <see cref="Ready"/>.</summary>
    public void Reloading() => Send(
        "RELOADING=1",
        // CLOCK_MONOTONIC in nanoseconds, which is what .NET's time stamps are on Linux.
        string.Create(CultureInfo.InvariantCulture, $"MONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}"));

    /// <summary>The server ends.</summary>
    public void Stopping(string status) => Send("STOPPING=1", StatusOf(status));

    /// <summary>What the server does, in a sentence for operators.</summary>
    public void Status(string status) => Send(StatusOf(status));

    /// <summary>The server works. Due before each end of <see cref="WatchdogTime"/>.</summary>
    public void Alive() => Send("WATCHDOG=1");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    /// <summary>A time in microseconds; null for what is none.</summary>
    internal static TimeSpan? TimeOf(string? microseconds) =>
        long.TryParse(microseconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond
            ? TimeSpan.FromMicroseconds(number)
            : null;

    private static string? Take(string name)
    {
        var value = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, null);
        return value;
    }

    // A line end would begin another assignment.
    private static string StatusOf(string text) =>
        "STATUS=" + string.Concat(text.Take(LongestStatus).Select(c => char.IsControl(c) ? ' ' : c));

    private void Send(params string[] assignments)
    {
        if (_socket is null || _at is null)
        {
            return;
        }

        lock (_one)
        {
            try
            {
                _socket.SendTo(Encoding.UTF8.GetBytes(string.Join('\n', assignments)), _at);
                _hasFailed = false;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (!_hasFailed)
                {
                    LogNotTold(_log, assignments[0], e.Reason());
                }

                _hasFailed = true;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service manager cannot be told what the server does: NOTIFY_SOCKET={Path}: {Reason}")]
    private static partial void LogUnreachable(ILogger log, string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The service manager was not told {What}: {Reason}")]
    private static partial void LogNotTold(ILogger log, string what, string reason);
}
