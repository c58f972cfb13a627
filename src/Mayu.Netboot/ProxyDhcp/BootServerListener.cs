using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Mayu.Netboot.DhcpSockets;
using Mayu.Netboot.Net;
using Mayu.Protocols.Dhcp;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.ProxyDhcp;

/// <summary>
/// Port 4011 on one interface: a client that was told option 60 without option 43, by us or by another DHCP server that names
/// us in <c>siaddr</c>, asks here what to load.
/// </summary>
internal sealed partial class BootServerListener : IDisposable
{
    private const int Port = 4011;
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly BootInterface _nic;
    private readonly ProxyResponder _responder;
    private readonly LimitedLog _logger;
    private readonly byte[] _datagram = new byte[DhcpPacket.MaximumSize + 1];
    private readonly SocketAddress _sender = WireAddress.Create();
    private readonly FrameSocket? _frames;
    private readonly DhcpSendBatch _answers;

    private BootServerListener(Socket socket, BootInterface nic, ProxyResponder responder, ILogger<BootServerListener> logger)
    {
        _socket = socket;
        _nic = nic;
        _responder = responder;
        // Any packet may have the same line written: a socket that does not work, a defect.
        _logger = new LimitedLog(logger, TimeProvider.System, LimitedLog.RareLines);
        _frames = FrameSocket.Open(nic, socket.SendBufferSize, logger);
        _answers = new DhcpSendBatch(nic.Address, Port, _frames);
    }

    /// <summary>Takes the port. From here on packets queue; <see cref="RunAsync"/> answers them.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="responder">The decisions.</param>
    /// <param name="logger">The log.</param>
    /// <param name="listener">The listener.</param>
    /// <param name="problem">Why not, as a sentence that names the thing; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, ProxyResponder responder, ILogger<BootServerListener> logger,
        [NotNullWhen(true)] out BootServerListener? listener, [NotNullWhen(false)] out string? problem)
    {
        listener = null;
        // Clients know it by its address, and the answer must come from that one.
        if (!UdpSocket.TryOpen(nic, nic.Address.ToIPAddress(), Port, "The PXE boot server", out var socket, out problem))
        {
            return false;
        }

        listener = new BootServerListener(socket, nic, responder, logger);
        return true;
    }

    /// <summary>Answers until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveFromAsync(_datagram.AsMemory(), SocketFlags.None, _sender, cancellationToken);
                Answer(length);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException exception)
            {
                // The interface went down, or an ICMP error came back: neither ends the service.
                LogSocketError(_nic.Name, exception.Message);
                await Task.Delay(PauseAfterError, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _answers.Dispose();
        _frames?.Dispose();
    }

    // Whatever a packet brings to light, the next one is answered.
    private void Answer(int length)
    {
        try
        {
            var (sender, port) = WireAddress.Read(_sender);
            if (!_responder.TryAnswerBootServer(_datagram.AsSpan(0, length), sender, port, _answers.Next, out var reply))
            {
                return;
            }

            _answers.Add(reply);
            if (_answers.Send((int)_socket.SafeHandle.DangerousGetHandle()) is var error and not 0)
            {
                LogSocketError(_nic.Name, new Win32Exception(error).Message);
            }
        }
        catch (Exception exception)
        {
            LogDefect(exception, Convert.ToHexString(_datagram.AsSpan(0, Math.Min(length, DhcpPacket.HeaderSize))));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A defect in Mayu: a packet on port 4011 was dropped that begins with {Header}")]
    private partial void LogDefect(Exception exception, string header);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Port 4011 on {Interface}: {Error}")]
    private partial void LogSocketError(string @interface, string error);
}
