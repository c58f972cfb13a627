using System.Net;
using System.Net.Sockets;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Syslog;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Syslog;

/// <summary>Port 514/udp on this server's addresses in the boot networks. It ends with disposing.</summary>
internal sealed partial class SyslogListener : IAsyncDisposable
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private readonly List<Socket> _sockets = [];
    private readonly CancellationTokenSource _end = new();
    private readonly SyslogLines _lines;
    private readonly LimitedLog _log;
    private Task _running = Task.CompletedTask;

    private SyslogListener(SyslogLines lines, ILogger<SyslogListener> log)
    {
        _lines = lines;
        // Any datagram may have the same line written.
        _log = new LimitedLog(log, TimeProvider.System, LimitedLog.RareLines);
    }

    /// <summary>Takes the port, and begins to listen.</summary>
    /// <param name="addresses">This server's addresses.</param>
    /// <param name="port">The port.</param>
    /// <param name="lines">Who takes the datagrams.</param>
    /// <param name="log">The log.</param>
    /// <exception cref="SocketException">The port is taken on one of them, or not allowed.</exception>
    public static SyslogListener Start(IEnumerable<Ipv4> addresses, int port, SyslogLines lines, ILogger<SyslogListener> log)
    {
        var listener = new SyslogListener(lines, log);
        try
        {
            foreach (var address in addresses)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                listener._sockets.Add(socket);
                socket.Bind(new IPEndPoint(address.ToIPAddress(), port));
            }
        }
        catch
        {
            listener._sockets.ForEach(socket => socket.Dispose());
            listener._end.Dispose();
            throw;
        }

        listener._running = Task.WhenAll(listener._sockets.Select(socket => listener.RunAsync(socket, listener._end.Token)));
        return listener;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _sockets.ForEach(socket => socket.Dispose());
        _end.Dispose();
    }

    private async Task RunAsync(Socket socket, CancellationToken cancellationToken)
    {
        var datagram = new byte[SyslogMessage.MaxLength];
        var sender = WireAddress.Create();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var length = await socket.ReceiveFromAsync(datagram.AsMemory(), SocketFlags.None, sender, cancellationToken);
                _lines.Take(WireAddress.Read(sender).Address, datagram.AsSpan(0, length));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException exception)
            {
                // The interface went down: that does not end the service.
                LogSocketError(exception.Message);
                await Task.Delay(PauseAfterError, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception)
            {
                // Whatever a datagram brings to light, the next one is taken.
                LogDefect(exception);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The syslog port: {Error}")]
    private partial void LogSocketError(string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "A defect in Mayu: a syslog datagram was dropped")]
    private partial void LogDefect(Exception exception);
}
