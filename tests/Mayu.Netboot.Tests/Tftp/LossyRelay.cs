using System.Net;
using System.Net.Sockets;

namespace Mayu.Netboot.Tests.Tftp;

/// <summary>
/// A network between one client and the server that loses packets, lets some overtake others and doubles some, in both directions: what the
/// client sends to <see cref="EndPoint"/> reaches the server, and the answers come back from there, from whichever port.
/// </summary>
internal sealed class LossyRelay : IAsyncDisposable
{
    private readonly Socket _clientSide = Open();
    private readonly Socket _serverSide = Open();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly IPEndPoint _requests;
    private readonly double _loss;
    private EndPoint _client = new IPEndPoint(IPAddress.Any, 0);
    private EndPoint _transfer;

    /// <param name="requests">Where the server takes requests.</param>
    /// <param name="loss">The share of packets that are lost; as many again are held back until the next one has gone, and as many come twice.</param>
    /// <param name="seed">What chance begins with.</param>
    public LossyRelay(IPEndPoint requests, double loss, int seed)
    {
        _requests = requests;
        _transfer = requests;
        _loss = loss;
        _running = Task.WhenAll(
            CarryAsync(_clientSide, _serverSide, new Random(seed), toServer: true),
            CarryAsync(_serverSide, _clientSide, new Random(seed + 1), toServer: false));
    }

    public IPEndPoint EndPoint => (IPEndPoint)_clientSide.LocalEndPoint!;

    /// <summary>Packets that were lost.</summary>
    public int Lost { get; private set; }

    /// <summary>Packets that were overtaken.</summary>
    public int Overtaken { get; private set; }

    /// <summary>Packets that came twice.</summary>
    public int Doubled { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _clientSide.Dispose();
        _serverSide.Dispose();
        _stop.Dispose();
    }

    private static Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    // Ends when the relay is disposed.
    private async Task CarryAsync(Socket from, Socket to, Random chance, bool toServer)
    {
        var buffer = new byte[65536];
        byte[]? held = null;
        try
        {
            while (true)
            {
                var received = await from.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                var packet = buffer[..received.ReceivedBytes];
                var isRequest = toServer && packet[1] == 1;
                if (toServer)
                {
                    _client = received.RemoteEndPoint;
                }
                else
                {
                    _transfer = received.RemoteEndPoint;
                }

                var fate = isRequest ? 1 : chance.NextDouble();
                if (fate < _loss)
                {
                    Lost++;
                    continue;
                }

                if (fate < 2 * _loss && held is null)
                {
                    held = packet;
                    Overtaken++;
                    continue;
                }

                var target = toServer ? (isRequest ? _requests : _transfer) : _client;
                await to.SendToAsync(packet, SocketFlags.None, target, _stop.Token);
                if (fate >= 2 * _loss && fate < 3 * _loss)
                {
                    await to.SendToAsync(packet, SocketFlags.None, target, _stop.Token);
                    Doubled++;
                }

                if (held is not null)
                {
                    await to.SendToAsync(held, SocketFlags.None, target, _stop.Token);
                    held = null;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }
}
