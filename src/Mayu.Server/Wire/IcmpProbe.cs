using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Mayu.Core.Addresses;

namespace Mayu.Server.Wire;

/// <summary>Asks by ICMP echo (ping), which goes through routers: for subnets behind relays, where ARP does not come to (RFC 2131 §3.1).</summary>
internal sealed partial class IcmpProbe : IAddressProbe, IAsyncDisposable
{
    private const int Tries = 2;
    private const int EchoSize = 16;
    private const byte EchoRequest = 8;
    private const byte EchoReply = 0;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<Ipv4, TaskCompletionSource> _asked = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Socket _socket;
    private readonly TimeProvider _clock;
    private readonly ushort _identifier = (ushort)Environment.ProcessId;
    private readonly Task _listening;

    private IcmpProbe(Socket socket, TimeProvider clock)
    {
        (_socket, _clock) = (socket, clock);
        _listening = ListenAsync();
    }

    /// <summary>Opens it. Null where it may not (CAP_NET_RAW).</summary>
    public static IcmpProbe? Open(TimeProvider clock, ILogger<IcmpProbe> logger)
    {
        try
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Icmp);
            socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            return new IcmpProbe(socket, clock);
        }
        catch (SocketException e)
        {
            LogNotAllowed(logger, e.Message);
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<string?> FindUserAsync(Ipv4 address, MacAddress client, CancellationToken cancellationToken)
    {
        var answer = _asked.GetOrAdd(address, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var everybody = new IPEndPoint(address.ToIPAddress(), 0);
        try
        {
            for (var i = 0; i < Tries; i++)
            {
                await _socket.SendToAsync(Echo((ushort)i), SocketFlags.None, everybody, cancellationToken);
                try
                {
                    await answer.Task.WaitAsync(Pause, _clock, cancellationToken);
                    return "it answers a ping";
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
            // There is no way to it, so nobody there can be met either.
            return null;
        }
        finally
        {
            _asked.TryRemove(address, out _);
        }
    }

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
        var packet = new byte[256];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(packet, SocketFlags.None, _stop.Token);
                if (TryReadSender(packet.AsSpan(0, length), _identifier, out var sender) && _asked.TryGetValue(sender, out var waiting))
                {
                    waiting.TrySetResult();
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // An error of one packet; the next may come.
                await Task.Delay(Pause, _clock, CancellationToken.None);
            }
        }
    }

    // A raw socket gets the IPv4 header too (RFC 791): its length is in the low four bits of the first byte, the sender at 12.
    private static bool TryReadSender(ReadOnlySpan<byte> packet, ushort identifier, out Ipv4 sender)
    {
        sender = default;
        var header = packet.IsEmpty ? 0 : (packet[0] & 0xF) * 4;
        if (header < 20 || packet.Length < header + 8 || packet[header] != EchoReply
            || BinaryPrimitives.ReadUInt16BigEndian(packet[(header + 4)..]) != identifier)
        {
            return false;
        }

        sender = new Ipv4(BinaryPrimitives.ReadUInt32BigEndian(packet[12..]));
        return true;
    }

    private byte[] Echo(ushort number)
    {
        var echo = new byte[EchoSize];
        echo[0] = EchoRequest;
        BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(4), _identifier);
        BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(6), number);
        uint sum = 0;
        for (var i = 0; i < EchoSize; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(echo.AsSpan(i));
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(echo.AsSpan(2), (ushort)~(sum + (sum >> 16)));
        return echo;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Addresses behind relays are given out without asking whether somebody uses them: {Reason}. Run mayu as root, or with CAP_NET_RAW")]
    private static partial void LogNotAllowed(ILogger logger, string reason);
}
