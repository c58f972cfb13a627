using System.Collections.Concurrent;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Mayu.Core.Addresses;
using Mayu.Protocols.Arp;
using Mayu.Protocols.Net;

namespace Mayu.Server.Wire;

/// <summary>
/// Asks on the wire whether somebody uses an address already (RFC 5227). RFC 5227 lets a host wait seconds for itself; here a
/// machine waits for its config, and on one segment answers come within milliseconds, so the patience is shorter. Nobody else waits.
/// </summary>
internal sealed partial class ArpProbe : IAddressProbe, IAsyncDisposable
{
    private const ushort ArpProtocol = 0x0806;
    private const int Tries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);
    private static readonly byte[] Broadcast = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

    private readonly ConcurrentDictionary<Ipv4, TaskCompletionSource<MacAddress>> _asked = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _socket;
    private readonly LinkEndPoint _everybody;
    private readonly byte[] _hardware;
    private readonly TimeProvider _clock;
    private readonly Task _listening;

    private ArpProbe(Socket socket, int index, byte[] hardware, TimeProvider clock)
    {
        (_socket, _hardware, _clock) = (socket, hardware, clock);
        _everybody = new LinkEndPoint(ArpProtocol, index, Broadcast);
        _listening = ListenAsync();
    }

    /// <summary>Opens it on an interface. Null where there is nothing to ask: a loopback or point-to-point link, or no right to (CAP_NET_RAW).</summary>
    public static ArpProbe? Open(string interfaceName, TimeProvider clock, ILogger<ArpProbe> logger)
    {
        var nic = Array.Find(NetworkInterface.GetAllNetworkInterfaces(), candidate => candidate.Name == interfaceName);
        var hardware = nic?.GetPhysicalAddress().GetAddressBytes();
        if (nic is null || nic.NetworkInterfaceType == NetworkInterfaceType.Loopback || hardware is not { Length: 6 })
        {
            return null;
        }

        var index = nic.GetIPProperties().GetIPv4Properties().Index;
        try
        {
            // The kernel takes the protocol of a packet socket in network order.
            var socket = new Socket(AddressFamily.Packet, SocketType.Dgram, (ProtocolType)0x0608);
            socket.Bind(new LinkEndPoint(ArpProtocol, index, []));
            return new ArpProbe(socket, index, hardware, clock);
        }
        catch (SocketException e)
        {
            LogNotAllowed(logger, interfaceName, e.Message);
            return null;
        }
    }

    /// <summary>Who answers under an address; null when nobody does within a third of a second.</summary>
    public async Task<MacAddress?> WhoHasAsync(Ipv4 address, CancellationToken cancellationToken)
    {
        var answer = _asked.GetOrAdd(address, static _ => new TaskCompletionSource<MacAddress>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            for (var i = 0; i < Tries; i++)
            {
                var probe = new byte[ArpPacket.Length];
                ArpPacket.WriteProbe(probe, _hardware, new InAddr(address.Value));
                await _socket.SendToAsync(probe, SocketFlags.None, _everybody, cancellationToken);
                try
                {
                    return await answer.Task.WaitAsync(Pause, _clock, cancellationToken);
                }
                catch (TimeoutException)
                {
                    // Nobody yet.
                }
            }

            return null;
        }
        catch (SocketException)
        {
            // The link is down: whoever might have the address cannot be met there either.
            return null;
        }
        finally
        {
            _asked.TryRemove(address, out _);
        }
    }

    /// <inheritdoc/>
    public async Task<string?> FindUserAsync(Ipv4 address, MacAddress client, CancellationToken cancellationToken) =>
        await WhoHasAsync(address, cancellationToken) is { } user && user != client ? $"{user}" : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _listening;
        _stop.Dispose();
    }

    private async Task ListenAsync()
    {
        var packet = new byte[ArpPacket.Length * 2];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(packet, SocketFlags.None, _stop.Token);
                if (ArpPacket.TryReadSender(packet.AsSpan(0, length), out var address, out var sender)
                    && _asked.TryGetValue(new Ipv4(address.Value), out var waiting))
                {
                    waiting.TrySetResult(MacOf(sender));
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The interface went away for a moment; it may come back.
                await Task.Delay(Pause, _clock, CancellationToken.None);
            }
        }
    }

    private static MacAddress MacOf(HardwareAddress hardware)
    {
        Span<byte> octets = stackalloc byte[HardwareAddress.MaximumLength];
        hardware.CopyTo(octets);
        return MacAddress.FromOctets(octets[..hardware.Length]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Addresses are given out without asking on {Interface} whether somebody uses them: {Reason}. Run mayu as root, or with CAP_NET_RAW")]
    private static partial void LogNotAllowed(ILogger logger, string @interface, string reason);
}
