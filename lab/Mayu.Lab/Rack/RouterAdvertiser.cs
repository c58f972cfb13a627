using System.Net;
using System.Net.Sockets;

namespace Mayu.Lab.Rack;

/// <summary>
/// Says twice a second on the rack's bridge that there is no IPv6 router (a router advertisement of lifetime 0, RFC 4861,
/// 4.2). iPXE asks for a router beside DHCP and goes on only when both are answered: on a network without one it waits
/// 16 s at each start, measured with Debian's iPXE. Real networks have a router that answers.
/// </summary>
internal sealed class RouterAdvertiser : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Type 134, code 0, checksum (the kernel's), hop limit 64, no flags, lifetime 0, times unspecified.</summary>
    private static readonly byte[] Advertisement = [134, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static readonly byte[] AllNodes = [0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    private RouterAdvertiser(Socket socket, int link)
    {
        _socket = socket;
        _loop = LoopAsync(new IPEndPoint(new IPAddress(AllNodes, link), 0));
    }

    /// <param name="thread">The rack's thread: the socket is born in its namespace.</param>
    /// <param name="link">The kernel's number of the bridge.</param>
    public static async Task<RouterAdvertiser> StartAsync(NamespaceThread thread, int link)
    {
        var socket = await thread.RunAsync(() => new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6));

        // A receiver believes only what no router can have forwarded.
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, 255);
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, link);
        return new RouterAdvertiser(socket, link);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task LoopAsync(IPEndPoint everyone)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _socket.SendToAsync(Advertisement, everyone, _stop.Token);
                await Task.Delay(Interval, _stop.Token);
            }
            catch (SocketException)
            {
                // The bridge has no address of its own yet: it gets one a moment after the first machine is on.
                await Task.Delay(Interval, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
