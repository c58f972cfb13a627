using System.Runtime.InteropServices;
using Mayu.Linux.Sockets;
using Mayu.Netboot.Dhcp;
using Mayu.Netboot.Net;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.DhcpSockets;

/// <summary>
/// What comes to port 67: a thread of its own takes up to 64 packets with one call, has each answered by the <see cref="IDhcpResponder"/>, and
/// sends the answers with one call; those that have to wait go to the <see cref="DhcpSender"/>.
/// In steady state nothing is allocated. Measured by <c>bench/run dhcp</c>.
/// </summary>
internal sealed partial class DhcpListener : IDisposable
{
    private const int WakeUpMilliseconds = 200;

    private readonly DhcpSender _sender;
    private readonly IDhcpResponder _responder;
    private readonly LimitedLog _logger;
    private readonly DhcpReceiveBatch _received = new();
    private readonly DhcpSendBatch _atOnce;

    /// <param name="sender">The port.</param>
    /// <param name="responder">Answers.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">The log.</param>
    public DhcpListener(DhcpSender sender, IDhcpResponder responder, TimeProvider clock, ILogger<DhcpListener> logger)
    {
        _sender = sender;
        _responder = responder;
        // Any packet may bring the same defect to light.
        _logger = new LimitedLog(logger, clock, LimitedLog.RareLines);
        _atOnce = sender.NewBatch();
    }

    /// <summary>Answers until the token ends it.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Task.Factory.StartNew(
        () => Run(cancellationToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc/>
    /// <remarks>The sender stays open: replies that wait need it.</remarks>
    public void Dispose()
    {
        _received.Dispose();
        _atOnce.Dispose();
    }

    private void Run(CancellationToken cancellationToken)
    {
        LogListening(_sender.Interface.Name, _sender.Interface.Address);
        while (!cancellationToken.IsCancellationRequested)
        {
            _sender.SendHeld();
            var count = _received.Receive(_sender.Descriptor);
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
                _sender.Tell(Marshal.GetLastPInvokeError());
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

        _sender.Send(_atOnce);
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

            if (_sender.IsDue(reply))
            {
                _atOnce.Add(reply);
            }
            else
            {
                _sender.Send(_atOnce.Next, reply);
            }
        }
        catch (Exception exception)
        {
            LogDefect(exception, Convert.ToHexString(packet[..Math.Min(packet.Length, DhcpPacket.HeaderSize)]));
        }
    }

    private unsafe void WaitForPackets()
    {
        var entry = new PollEntry { Descriptor = _sender.Descriptor, Wanted = PollEntry.Readable };
        _ = SocketCalls.Poll(&entry, 1, _sender.WaitMilliseconds(WakeUpMilliseconds));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "DHCP answers on {Interface}, {Address} port 67/udp")]
    private partial void LogListening(string @interface, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Error, Message = "A defect in Mayu: a DHCP packet was dropped that begins with {Header}")]
    private partial void LogDefect(Exception exception, string header);
}
