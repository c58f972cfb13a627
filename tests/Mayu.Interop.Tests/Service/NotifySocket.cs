using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Service;

/// <summary>The socket of a service manager (sd_notify(3)), and what it was told, a datagram at a time.</summary>
internal sealed class NotifySocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Socket _socket;
    private readonly Channel<string[]> _told = Channel.CreateUnbounded<string[]>();
    private readonly Task _reading;

    /// <param name="host">Where the service runs: an abstract name belongs to a network namespace.</param>
    /// <param name="name">Its path, or <c>@</c> and an abstract name.</param>
    public NotifySocket(string host, string name)
    {
        _socket = NamespaceSocket.Open(host, () =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? '\0' + name[1..] : name));
            return socket;
        });
        _reading = ReadAsync();
    }

    /// <summary>Waits for the next datagram that begins with an assignment, and gives its lines. Those before it are passed over.</summary>
    public async Task<string[]> ToldAsync(string assignment)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            var lines = await _told.Reader.ReadAsync(patience.Token);
            if (lines[0] == assignment)
            {
                return lines;
            }
        }
    }

    /// <summary>The monotonic clock of this host, in microseconds, as the service manager reads it.</summary>
    public static long MonotonicMicroseconds() =>
        (long)(decimal.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture) * 1_000_000);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    // All the time, as a service manager does: the kernel keeps ten datagrams, and who sends more waits. It ends with the socket.
    private async Task ReadAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                _told.Writer.TryWrite(Encoding.UTF8.GetString(buffer, 0, await _socket.ReceiveAsync(buffer.AsMemory())).Split('\n'));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _told.Writer.TryComplete();
        }
    }
}
