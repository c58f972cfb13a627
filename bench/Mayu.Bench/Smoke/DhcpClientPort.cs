using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Mayu.Bench.Network;
using Mayu.Lab;
using Mayu.Protocols.Dhcp;

namespace Mayu.Bench.Smoke;

/// <summary>
/// Port 68 at the clients' end, for all simulated machines: what they send is broadcast, and an answer belongs to the
/// machine whose number (<c>xid</c>) it carries. Nothing is sent twice: a lost answer is to be noticed.
/// </summary>
internal sealed class DhcpClientPort : IAsyncDisposable
{
    private const int SocketLevel = 1;
    private const int BindToDevice = 25;
    private const int ClientPort = 68;
    private const int ServerPort = 67;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly IPEndPoint Everybody = new(IPAddress.Broadcast, ServerPort);

    private readonly Socket _socket;
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<byte[]>> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _receiving;

    private DhcpClientPort(Socket socket)
    {
        _socket = socket;
        _receiving = ReceiveAsync();
    }

    public static async Task<DhcpClientPort> OpenAsync(BenchNetwork network)
    {
        var socket = await network.CreateClientSocketAsync(SocketType.Dgram, ProtocolType.Udp);
        socket.EnableBroadcast = true;
        socket.ReceiveBufferSize = 1 << 20;
        socket.SetRawSocketOption(SocketLevel, BindToDevice, System.Text.Encoding.ASCII.GetBytes(BenchNetwork.Nic + "\0"));
        socket.Bind(new IPEndPoint(IPAddress.Any, ClientPort));
        return new DhcpClientPort(socket);
    }

    /// <summary>Sends a packet and returns its answer.</summary>
    /// <exception cref="LabException">None came.</exception>
    public async Task<byte[]> AskAsync(uint transaction, ReadOnlyMemory<byte> packet, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.TryAdd(transaction, answer))
        {
            throw new LabException($"two machines use the transaction {transaction:x8}");
        }

        try
        {
            await _socket.SendToAsync(packet, Everybody, cancellation);
            return await answer.Task.WaitAsync(Patience, cancellation);
        }
        catch (TimeoutException lost)
        {
            throw new LabException($"no answer from DHCP within {Patience.TotalSeconds:0} s", lost);
        }
        finally
        {
            _waiting.TryRemove(transaction, out _);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _receiving;
        _socket.Dispose();
        _stop.Dispose();
    }

    // Ends when the port is disposed.
    private async Task ReceiveAsync()
    {
        var buffer = new byte[DhcpPacket.MaximumSize];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, _stop.Token);
                if (DhcpPacket.TryParse(buffer.AsSpan(0, length), out var packet, out _)
                    && packet.Operation == DhcpOperation.BootReply && _waiting.TryGetValue(packet.TransactionId, out var asker))
                {
                    asker.TrySetResult(buffer[..length]);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
