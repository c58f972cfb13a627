using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.DhcpSockets;

/// <summary>
/// Port 67 on one interface, and the replies that leave there later than their question came: one that gives a lease waits until the lease is durable,
/// and an offer that a quirk delays waits apart, so that nothing else does for it. Safe from any thread.
/// </summary>
internal sealed partial class DhcpSender : IDhcpOutlet, IDisposable
{
    private const int Port = 67;
    private const int BufferSize = 4 << 20;

    private readonly Socket _socket;
    private readonly BootInterface _nic;
    private readonly ILeaseLog _log;
    private readonly LimitedLog _logger;
    private readonly FrameSocket? _frames;
    private readonly DhcpSendBatch _late;
    private readonly DelayedReplies _delayed = new();
    private readonly HeldReplies _held;
    private readonly Lock _gate = new();

    private DhcpSender(Socket socket, BootInterface nic, ILeaseLog log, TimeProvider clock, ILogger logger)
    {
        _socket = socket;
        Descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        _nic = nic;
        _log = log;
        // Any packet may have the same line written: a socket that does not work, a slow disk.
        _logger = new LimitedLog(logger, clock, LimitedLog.RareLines);
        _held = new HeldReplies(clock);
        _frames = FrameSocket.Open(nic, BufferSize, logger);
        _late = NewBatch();
    }

    /// <summary>The socket's descriptor.</summary>
    public int Descriptor { get; }

    /// <summary>The interface.</summary>
    public BootInterface Interface => _nic;

    /// <summary>Takes the port. From here on packets queue.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="log">Tells how far leases are durable; its owner calls <see cref="Release"/> when they are.</param>
    /// <param name="clock">Runs delays.</param>
    /// <param name="logger">The log.</param>
    /// <param name="sender">The port.</param>
    /// <param name="problem">Why not, as a sentence that names the thing; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, ILeaseLog log, TimeProvider clock, ILogger logger, [NotNullWhen(true)] out DhcpSender? sender, [NotNullWhen(false)] out string? problem)
    {
        sender = null;
        if (!UdpSocket.TryOpen(nic, IPAddress.Any, Port, "DHCP", out var socket, out problem))
        {
            return false;
        }

        // A rack that is switched on sends in one second what takes longer to answer.
        socket.ReceiveBufferSize = BufferSize;
        socket.SendBufferSize = BufferSize;
        sender = new DhcpSender(socket, nic, log, clock, logger);
        return true;
    }

    /// <summary>A batch of replies that leave from here.</summary>
    public DhcpSendBatch NewBatch() => new(_nic.Address, Port, _frames);

    /// <summary>Whether a reply waits for nothing.</summary>
    public bool IsDue(in DhcpReply reply) => reply is { DelayMilliseconds: 0 } && reply.AfterRecord <= _log.Durable;

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> packet, in DhcpReply reply)
    {
        lock (_gate)
        {
            // Only offers are held, and an offer's lease is nobody's yet: none of them waits for the disk.
            if (reply.DelayMilliseconds > 0)
            {
                if (!_held.TryAdd(packet, reply))
                {
                    LogTooManyHeld(_nic.Name, HeldReplies.Capacity);
                }

                return;
            }

            if (!_delayed.TryAdd(packet[..reply.Length], reply))
            {
                LogDiskIsSlow(_nic.Name, DelayedReplies.Capacity);
            }
        }

        // It may have become durable since it was looked.
        if (reply.AfterRecord <= _log.Durable)
        {
            Release(_log.Durable);
        }
    }

    /// <summary>Sends the replies whose leases are durable by now.</summary>
    /// <param name="durable">Up to which number records are.</param>
    public void Release(long durable)
    {
        lock (_gate)
        {
            while (_delayed.TryTake(durable, _late.Next, out var reply))
            {
                AddLate(reply);
            }

            Send(_late);
        }
    }

    /// <summary>Sends the offers whose time has come. Whether any is held is looked at without the lock: where one has just come, the next round sees it.</summary>
    public void SendHeld()
    {
        if (_held.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            while (_held.TryTake(_late.Next, out var reply))
            {
                AddLate(reply);
            }

            Send(_late);
        }
    }

    /// <summary>How long no offer's time comes, at most this long, in milliseconds.</summary>
    public int WaitMilliseconds(int most)
    {
        if (_held.Count == 0)
        {
            return most;
        }

        lock (_gate)
        {
            return _held.WaitMilliseconds(most);
        }
    }

    /// <summary>Sends a batch.</summary>
    public void Send(DhcpSendBatch batch)
    {
        if (batch.Count > 0 && batch.Send(Descriptor) is var error and not 0)
        {
            Tell(error);
        }
    }

    /// <summary>Tells of an error of the socket.</summary>
    public void Tell(int error)
    {
        if (_logger.IsEnabled(LogLevel.Warning))
        {
            LogSocketError(_nic.Name, new Win32Exception(error).Message);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Nothing may be running any more that sends.</remarks>
    public void Dispose()
    {
        _socket.Dispose();
        _late.Dispose();
        _frames?.Dispose();
    }

    private void AddLate(in DhcpReply reply)
    {
        _late.Add(reply);
        if (_late.Count == DhcpSendBatch.Capacity)
        {
            Send(_late);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "DHCP on {Interface}: {Error}")]
    private partial void LogSocketError(string @interface, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DHCP on {Interface}: {Count} answers wait for the disk with the leases; more clients have to ask again")]
    private partial void LogDiskIsSlow(string @interface, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DHCP on {Interface}: {Count} offers wait for the delay of their quirk (pxe.quirks); more clients have to ask again")]
    private partial void LogTooManyHeld(string @interface, int count);
}
