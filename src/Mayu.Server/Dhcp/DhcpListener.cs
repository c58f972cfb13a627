using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Mayu.Core.Addresses;
using Mayu.Protocols.Dhcp;
using Mayu.Server.Wire;

namespace Mayu.Server.Dhcp;

/// <summary>Port 67 on one interface: each datagram goes through the <see cref="DhcpResponder"/>, one after the other.</summary>
internal sealed partial class DhcpListener : IDisposable
{
    private const int Port = 67;
    private const int ReceiveBuffer = 1 << 20;
    private const int EthernetPayload = 1472;

    private readonly Socket _socket;
    private readonly BootInterface _nic;
    private readonly DhcpResponder _responder;
    private readonly ILogger<DhcpListener> _logger;
    private readonly byte[] _datagram = new byte[DhcpPacket.MaximumSize + 1];
    private readonly byte[] _answer = new byte[EthernetPayload];
    private readonly SocketAddress _sender = WireAddress.Create();
    private readonly SocketAddress _destination = WireAddress.Create();

    private DhcpListener(Socket socket, BootInterface nic, DhcpResponder responder, ILogger<DhcpListener> logger)
    {
        _socket = socket;
        _nic = nic;
        _responder = responder;
        _logger = logger;
    }

    /// <summary>Takes the port. From here on packets queue; <see cref="RunAsync"/> answers them.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="responder">The decisions.</param>
    /// <param name="logger">The log.</param>
    /// <param name="listener">The listener.</param>
    /// <param name="problem">Why not, as a sentence that names the thing; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, DhcpResponder responder, ILogger<DhcpListener> logger,
        [NotNullWhen(true)] out DhcpListener? listener, [NotNullWhen(false)] out string? problem)
    {
        listener = null;
        if (!UdpSocket.TryOpen(nic, IPAddress.Any, Port, "DHCP", out var socket, out problem))
        {
            return false;
        }

        // A rack that is switched on sends in one second what takes longer to answer.
        socket.ReceiveBufferSize = ReceiveBuffer;
        listener = new DhcpListener(socket, nic, responder, logger);
        return true;
    }

    /// <summary>Answers until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        LogListening(_nic.Name, _nic.Address);
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
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // Whatever a packet brings to light, the next one is answered.
    private void Answer(int length)
    {
        try
        {
            TryAnswer(length);
        }
        catch (Exception exception) when (exception is not SocketException)
        {
            LogDefect(exception, Convert.ToHexString(_datagram.AsSpan(0, Math.Min(length, DhcpPacket.HeaderSize))));
        }
    }

    private void TryAnswer(int length)
    {
        if (_responder.TryAnswer(_datagram.AsSpan(0, length), _answer, out var reply))
        {
            WireAddress.Set(_destination, new Ipv4(reply.Address.Value), reply.Port);
            _socket.SendTo(_answer.AsSpan(0, reply.Length), SocketFlags.None, _destination);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "DHCP answers on {Interface}, {Address} port 67/udp")]
    private partial void LogListening(string @interface, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Error, Message = "A defect in Mayu: a DHCP packet was dropped that begins with {Header}")]
    private partial void LogDefect(Exception exception, string header);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DHCP on {Interface}: {Error}")]
    private partial void LogSocketError(string @interface, string error);
}
