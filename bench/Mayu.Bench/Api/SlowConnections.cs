using System.Net;
using System.Net.Sockets;
using Mayu.Bench.Network;

namespace Mayu.Bench.Api;

/// <summary>
/// Connections that send a request a byte a second, half of them to each listener, each from one of 16 addresses. One that the server ends is opened anew.
/// </summary>
internal sealed class SlowConnections : IAsyncDisposable
{
    private const int Addresses = 16;
    private static readonly int[] Ports = [4080, 4081];
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _ended = new();
    private readonly Task _work;
    private int _open;

    private SlowConnections(BenchContext context, int count) => _work = Task.WhenAll(Enumerable.Range(0, count).Select(number => HoldAsync(context, number)));

    /// <summary>How many are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Opens them; done when nine in ten are open, or after 30 s.</summary>
    /// <param name="context">Where.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<SlowConnections> OpenAsync(BenchContext context, int count, CancellationToken cancellation)
    {
        var slow = new SlowConnections(context, count);
        for (var waited = 0; slow.Open < count * 9 / 10 && waited < 300; waited++)
        {
            await Task.Delay(100, cancellation);
        }

        return slow;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _work;
        _ended.Dispose();
    }

    private async Task HoldAsync(BenchContext context, int number)
    {
        var from = new IPEndPoint(new IPAddress([10, 77, 4, (byte)(1 + (number % Addresses))]), 0);
        var to = new IPEndPoint(BenchNetwork.ServerAddress, Ports[number / Addresses % Ports.Length]);
        var head = "GET / HTTP/1.1\r\nHost: x\r\nX: "u8.ToArray();
        while (!_ended.IsCancellationRequested)
        {
            using var socket = await context.Network.CreateClientSocketAsync(SocketType.Stream, ProtocolType.Tcp);
            var isOpen = false;
            try
            {
                socket.NoDelay = true;
                socket.Bind(from);
                await socket.ConnectAsync(to, _ended.Token);
                Interlocked.Increment(ref _open);
                isOpen = true;
                for (var sent = 0; ; sent++)
                {
                    await socket.SendAsync(new[] { sent < head.Length ? head[sent] : (byte)'x' }, _ended.Token);
                    await Task.Delay(Pace, _ended.Token);
                }
            }
            catch (Exception end) when (end is SocketException or OperationCanceledException)
            {
                // Another one, if the server ended it.
            }
            finally
            {
                Interlocked.Add(ref _open, isOpen ? -1 : 0);
            }
        }
    }
}
