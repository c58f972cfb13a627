using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Service;

/// <summary>The socket of a service manager (sd_notify(3)), and what it was told, a datagram at a time.</summary>
internal sealed class NotifySocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[4096];

    /// <param name="host">Where the service runs: an abstract name belongs to a network namespace.</param>
    /// <param name="name">Its path, or <c>@</c> and an abstract name.</param>
    public NotifySocket(string host, string name) => _socket = NamespaceSocket.Open(host, () =>
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? '\0' + name[1..] : name));
        return socket;
    });

    /// <summary>Waits for the next datagram that begins with an assignment, and gives its lines. Those before it are passed over.</summary>
    public async Task<string[]> ToldAsync(string assignment)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            var lines = Encoding.UTF8.GetString(_buffer, 0, await _socket.ReceiveAsync(_buffer.AsMemory(), patience.Token)).Split('\n');
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
    public void Dispose() => _socket.Dispose();
}
