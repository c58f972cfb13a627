using System.Net;
using System.Net.Sockets;
using Mayu.Core.Boot;
using Mayu.Protocols.Net;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Net;

/// <summary>
/// Answers the IPv6 router solicitation of a booting client with "no router here" (a router advertisement of lifetime 0 without prefixes, RFC 4861
/// §4.2), to it alone. iPXE configures IPv4 and IPv6 side by side and goes on when both are done: on a network without an IPv6 router it waits 16 s
/// for one at each start. While a real router is there, this is silent.
/// </summary>
internal sealed partial class RouterSolicitations : IDisposable
{
    /// <summary>How long after its last mark a client counts as booting.</summary>
    public static readonly TimeSpan BootTime = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many are answered in a second: the kernel has to find the MAC of each, and 64 a second cannot fill its IPv6 neighbour table (1,024 entries, each kept
    /// for about 3 s while nobody answers). A client asks again.
    /// </summary>
    public const int MostPerSecond = 64;

    /// <summary>
    /// How long a router may take for its answer to the question that is asked at the start: RFC 4861 §6.2.6 allows it 0.5 s, and 3 s since its last advertisement. Until
    /// then nobody is answered: a router on this very host has the same address, and a lifetime of 0 from it would end its clients' default route.
    /// </summary>
    private static readonly TimeSpan RoutersPatience = TimeSpan.FromSeconds(4);

    private const int MostRouters = 16;
    private const int Icmp6Level = 58;
    private const int Icmp6Filter = 1;
    private const int Icmp6FilterSize = 32;
    private const int MaximumMessage = 1500;
    private const short HopLimit = 255;
    private static readonly IPAddress AllRouters = new([0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Socket _socket;
    private readonly BootInterface _nic;
    private readonly BootTrace _trace;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Dictionary<IPAddress, (long HeardAt, TimeSpan Lifetime)> _routers = [];
    private (long Since, int Count) _second;
    private long? _askedAt;

    private RouterSolicitations(Socket socket, BootInterface nic, BootTrace trace, TimeProvider clock, ILogger logger) =>
        (_socket, _nic, _trace, _clock, _logger) = (socket, nic, trace, clock, logger);

    /// <summary>Opens it on an interface. Null where there is no IPv6, or no right to a raw socket (CAP_NET_RAW): then clients wait.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="trace">Knows who is booting.</param>
    /// <param name="clock">Tells how long a router is one.</param>
    /// <param name="logger">The log.</param>
    public static RouterSolicitations? Open(BootInterface nic, BootTrace trace, TimeProvider clock, ILogger<RouterSolicitations> logger)
    {
        if (!nic.IsEthernet)
        {
            return null;
        }

        Socket? socket = null;
        try
        {
            socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6);
            socket.SetRawSocketOption(Icmp6Level, Icmp6Filter, Filter());

            // A receiver believes only what no router can have forwarded (RFC 4861 §6.1.2).
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.IpTimeToLive, HopLimit);
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, HopLimit);
            // A router on this host is asked too.
            socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastLoopback, 1);
            nic.Tied.Tie(socket, again => TryJoin(again, nic.Tied.Interface));
            Join(socket, nic.Tied.Interface);
            return new RouterSolicitations(socket, nic, trace, clock, logger);
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            LogNotOpen(logger, nic.Name, e.Message);
            return null;
        }
    }

    /// <summary>Answers until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var message = new byte[MaximumMessage];
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                // A router that is there answers now, and not only when it next advertises itself.
                if (_askedAt is null)
                {
                    await _socket.SendToAsync(RouterDiscovery.Solicitation, new IPEndPoint(AllRouters, 0), cancellationToken);
                    _askedAt = _clock.GetTimestamp();
                }

                var received = await _socket.ReceiveFromAsync(message.AsMemory(), new IPEndPoint(IPAddress.IPv6Any, 0), cancellationToken);
                await AnswerAsync(message.AsMemory(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The interface is down or has no link-local address yet.
                await Task.Delay(PauseAfterError, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // Asked for each solicitation, of whomever: nothing is allocated.
    private bool HasRouter
    {
        get
        {
            foreach (var (heardAt, lifetime) in _routers.Values)
            {
                if (_clock.GetElapsedTime(heardAt) < lifetime)
                {
                    return true;
                }
            }

            return false;
        }
    }

    private async ValueTask AnswerAsync(ReadOnlyMemory<byte> message, IPEndPoint source, CancellationToken cancellationToken)
    {
        if (RouterDiscovery.RouterLifetime(message.Span, source.Address) is { } lifetime)
        {
            Follow(source.Address, lifetime);
        }
        else if (!HasRouter && _askedAt is { } asked && _clock.GetElapsedTime(asked) >= RoutersPatience && RouterDiscovery.TryReadSolicitation(message.Span, source.Address, out var mac)
            && _trace.Head(mac) is { } head && _clock.GetUtcNow() - head.Last.At < BootTime && MayAnswer())
        {
            await _socket.SendToAsync(RouterDiscovery.NoRouter, source, cancellationToken);
        }
    }

    private void Follow(IPAddress router, TimeSpan lifetime)
    {
        if (lifetime == TimeSpan.Zero)
        {
            // It is a router no longer.
            _routers.Remove(router);
            return;
        }

        if (!HasRouter)
        {
            LogRouter(router, _nic.Name);
            _routers.Clear();
        }

        // Of more than a network has, the first are enough.
        if (_routers.Count < MostRouters || _routers.ContainsKey(router))
        {
            _routers[router] = (_clock.GetTimestamp(), lifetime);
        }
    }

    private bool MayAnswer()
    {
        if (_clock.GetElapsedTime(_second.Since) >= Second)
        {
            _second = (_clock.GetTimestamp(), 0);
        }

        return _second.Count++ < MostPerSecond;
    }

    private static void Join(Socket socket, int link) =>
        socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(AllRouters, link));

    // The kernel forgot the membership with the former interface. DHCP on the new one does not depend on it.
    private static void TryJoin(Socket socket, int link)
    {
        try
        {
            Join(socket, link);
        }
        catch (SocketException)
        {
            // The new interface has no IPv6.
        }
    }

    // A bit that is set blocks its type (RFC 3542 §3.2).
    private static byte[] Filter()
    {
        var filter = new byte[Icmp6FilterSize];
        Array.Fill(filter, byte.MaxValue);
        foreach (var type in new[] { RouterDiscovery.SolicitationType, RouterDiscovery.AdvertisementType })
        {
            filter[type / 8] &= (byte)~(1 << (type % 8));
        }

        return filter;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "iPXE waits 16 s for an IPv6 router on {Interface}: router solicitations cannot be answered ({Reason})")]
    private static partial void LogNotOpen(ILogger logger, string @interface, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Router} is an IPv6 router on {Interface}: Mayu leaves router solicitations to it")]
    private partial void LogRouter(IPAddress router, string @interface);
}
