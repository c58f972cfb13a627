using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Mayu.Linux.Sockets;
using Mayu.Netboot.Leases;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Dhcp;

/// <summary>
/// Port 67 on one interface: a thread of its own takes up to 64 packets with one call, has each answered by the <see cref="IDhcpResponder"/>, and
/// sends the answers with one call. An answer that gives a lease waits until the lease is durable; then the journal's thread sends it. An offer that a
/// quirk delays waits apart, and nothing else does for it.
/// In steady state nothing is allocated. Measured by <c>bench/run dhcp</c>.
/// </summary>
internal sealed partial class DhcpListener : IDhcpOutlet, IDisposable
{
    private const int Port = 67;
    private const int BufferSize = 4 << 20;
    private const int WakeUpMilliseconds = 200;

    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly BootInterface _nic;
    private readonly IDhcpResponder _responder;
    private readonly ILeaseLog _log;
    private readonly LimitedLog _logger;
    private readonly FrameSocket? _frames;
    private readonly DhcpReceiveBatch _received = new();
    private readonly DhcpSendBatch _atOnce;
    private readonly DhcpSendBatch _late;
    private readonly DelayedReplies _delayed = new();
    private readonly HeldReplies _held = new(TimeProvider.System);
    private readonly Lock _gate = new();

    private DhcpListener(Socket socket, BootInterface nic, IDhcpResponder responder, ILeaseLog log, ILogger<DhcpListener> logger)
    {
        _socket = socket;
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        _nic = nic;
        _responder = responder;
        _log = log;
        // Any packet may have the same line written: a socket that does not work, a slow disk, a defect.
        _logger = new LimitedLog(logger, TimeProvider.System, LimitedLog.RareLines);
        _frames = FrameSocket.Open(nic, BufferSize, logger);
        _atOnce = new DhcpSendBatch(nic.Address, Port, _frames);
        _late = new DhcpSendBatch(nic.Address, Port, _frames);
    }

    /// <summary>Takes the port. From here on packets queue; <see cref="RunAsync"/> answers them.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="responder">The decisions.</param>
    /// <param name="log">Tells how far leases are durable; its owner calls <see cref="Release"/> when they are.</param>
    /// <param name="logger">The log.</param>
    /// <param name="listener">The listener.</param>
    /// <param name="problem">Why not, as a sentence that names the thing; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, IDhcpResponder responder, ILeaseLog log, ILogger<DhcpListener> logger,
        [NotNullWhen(true)] out DhcpListener? listener, [NotNullWhen(false)] out string? problem)
    {
        listener = null;
        if (!UdpSocket.TryOpen(nic, IPAddress.Any, Port, "DHCP", out var socket, out problem))
        {
            return false;
        }

        // A rack that is switched on sends in one second what takes longer to answer.
        socket.ReceiveBufferSize = BufferSize;
        socket.SendBufferSize = BufferSize;
        listener = new DhcpListener(socket, nic, responder, log, logger);
        return true;
    }

    /// <summary>Answers until the token ends it.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => Run(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Sends the answers whose leases are durable by now. Safe from any thread.</summary>
    /// <param name="durable">Up to which number records are.</param>
    public void Release(long durable)
    {
        lock (_gate)
        {
            while (_delayed.TryTake(durable, _late.Next, out var reply))
            {
                _late.Add(reply);
                if (_late.Count == DhcpSendBatch.Capacity)
                {
                    Send(_late);
                }
            }

            Send(_late);
        }
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> packet, in DhcpReply reply)
    {
        lock (_gate)
        {
            if (TryHold(packet, reply))
            {
                return;
            }

            Delay(packet, reply);
        }

        Release(_log.Durable);
    }

    /// <inheritdoc/>
    /// <remarks>Nothing may be running any more that sends.</remarks>
    public void Dispose()
    {
        _socket.Dispose();
        _received.Dispose();
        _atOnce.Dispose();
        _late.Dispose();
        _frames?.Dispose();
    }

    private void Run(CancellationToken cancellationToken)
    {
        LogListening(_nic.Name, _nic.Address);
        while (!cancellationToken.IsCancellationRequested)
        {
            SendHeld();
            var count = _received.Receive(_descriptor);
            if (count > 0)
            {
                AnswerAll(count);
            }
            else if (count == 0)
            {
                WaitForPackets();
            }
            else
            {
                // The interface went down, or an ICMP error came back: neither ends the service.
                LogError(Marshal.GetLastPInvokeError());
                cancellationToken.WaitHandle.WaitOne(WakeUpMilliseconds);
            }
        }
    }

    private void AnswerAll(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Answer(_received.Packet(i));
        }

        Send(_atOnce);
    }

    // Whatever a packet brings to light, the next one is answered.
    private void Answer(ReadOnlySpan<byte> packet)
    {
        try
        {
            if (!_responder.TryAnswer(packet, _atOnce.Next, out var reply))
            {
                return;
            }

            if (reply is { DelayMilliseconds: 0 } && reply.AfterRecord <= _log.Durable)
            {
                _atOnce.Add(reply);
                return;
            }

            lock (_gate)
            {
                if (TryHold(_atOnce.Next, reply))
                {
                    return;
                }

                Delay(_atOnce.Next[..reply.Length], reply);
            }

            // It may have become durable since it was looked.
            if (reply.AfterRecord <= _log.Durable)
            {
                Release(_log.Durable);
            }
        }
        catch (Exception exception)
        {
            LogDefect(exception, Convert.ToHexString(packet[..Math.Min(packet.Length, DhcpPacket.HeaderSize)]));
        }
    }

    private void Delay(ReadOnlySpan<byte> packet, in DhcpReply reply)
    {
        if (!_delayed.TryAdd(packet, reply))
        {
            LogDiskIsSlow(_nic.Name, DelayedReplies.Capacity);
        }
    }

    // Only offers are held, and an offer's lease is nobody's yet: none of them waits for the disk.
    private bool TryHold(ReadOnlySpan<byte> packet, in DhcpReply reply)
    {
        if (reply.DelayMilliseconds == 0)
        {
            return false;
        }

        if (!_held.TryAdd(packet, reply))
        {
            LogTooManyHeld(_nic.Name, HeldReplies.Capacity);
        }

        return true;
    }

    // Whether any is held is looked at without the lock: where one has just come, the next round sees it.
    private void SendHeld()
    {
        if (_held.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            while (_held.TryTake(_late.Next, out var reply))
            {
                _late.Add(reply);
                if (_late.Count == DhcpSendBatch.Capacity)
                {
                    Send(_late);
                }
            }

            Send(_late);
        }
    }

    private int WakeUp()
    {
        if (_held.Count == 0)
        {
            return WakeUpMilliseconds;
        }

        lock (_gate)
        {
            return _held.WaitMilliseconds(WakeUpMilliseconds);
        }
    }

    private void Send(DhcpSendBatch batch)
    {
        if (batch.Count > 0 && batch.Send(_descriptor) is var error and not 0)
        {
            LogError(error);
        }
    }

    private unsafe void WaitForPackets()
    {
        var entry = new PollEntry { Descriptor = _descriptor, Wanted = PollEntry.Readable };
        _ = SocketCalls.Poll(&entry, 1, WakeUp());
    }

    private void LogError(int error)
    {
        if (_logger.IsEnabled(LogLevel.Warning))
        {
            LogSocketError(_nic.Name, new Win32Exception(error).Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "DHCP answers on {Interface}, {Address} port 67/udp")]
    private partial void LogListening(string @interface, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Error, Message = "A defect in Mayu: a DHCP packet was dropped that begins with {Header}")]
    private partial void LogDefect(Exception exception, string header);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DHCP on {Interface}: {Error}")]
    private partial void LogSocketError(string @interface, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DHCP on {Interface}: {Count} answers wait for the disk that leases are written to; clients have to ask again")]
    private partial void LogDiskIsSlow(string @interface, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DHCP on {Interface}: {Count} offers wait for the delay of their quirk (pxe.quirks); more clients have to ask again")]
    private partial void LogTooManyHeld(string @interface, int count);
}
