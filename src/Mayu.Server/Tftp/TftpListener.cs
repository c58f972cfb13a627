using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mayu.Core.Addresses;
using Mayu.Protocols.Net;
using Mayu.Protocols.Tftp;
using Mayu.Server.Wire;

namespace Mayu.Server.Tftp;

/// <summary>Port 69 on one interface: read requests begin transfers, each on a port of its own. Nothing is ever written.</summary>
internal sealed partial class TftpListener : IDisposable
{
    private const int Port = 69;
    private const int IpUdpAndTftpHeaders = 32;

    private readonly Socket _socket;
    private readonly BootInterface _nic;
    private readonly TftpFiles _files;
    private readonly TftpSettings _settings;
    private readonly TftpMarks _marks;
    private readonly TimeProvider _clock;
    private readonly ILogger<TftpListener> _logger;
    private readonly TftpTransferTable _transfers;
    private readonly byte[] _datagram = new byte[TftpPacket.MaximumRequestSize + 1];
    private readonly byte[] _answer = new byte[TftpPacket.MaximumRequestSize];
    private readonly SocketAddress _sender = WireAddress.Create();

    private TftpListener(Socket socket, BootInterface nic, TftpFiles files, TftpSettings settings, TftpMarks marks, TimeProvider clock, ILogger<TftpListener> logger)
    {
        _socket = socket;
        _nic = nic;
        _files = files;
        _settings = settings;
        _marks = marks;
        _clock = clock;
        _logger = logger;
        _transfers = new TftpTransferTable(settings);
    }

    /// <summary>Takes the port. From here on requests queue; <see cref="RunAsync"/> answers them.</summary>
    /// <param name="nic">The interface.</param>
    /// <param name="files">What is served.</param>
    /// <param name="settings">The limits.</param>
    /// <param name="marks">Where transfers are noted.</param>
    /// <param name="clock">Runs the time-outs.</param>
    /// <param name="logger">The log.</param>
    /// <param name="listener">The listener.</param>
    /// <param name="problem">Why not, as a sentence that names the thing; null on success.</param>
    public static bool TryOpen(
        BootInterface nic, TftpFiles files, TftpSettings settings, TftpMarks marks, TimeProvider clock, ILogger<TftpListener> logger,
        [NotNullWhen(true)] out TftpListener? listener, [NotNullWhen(false)] out string? problem)
    {
        listener = null;
        if (!files.TryCheck(out problem) || !UdpSocket.TryOpen(nic, nic.Address.ToIPAddress(), Port, "TFTP", out var socket, out problem))
        {
            return false;
        }

        listener = new TftpListener(socket, nic, files, settings, marks, clock, logger);
        return true;
    }

    /// <summary>Answers until the token ends it, and then waits for its transfers to end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        LogListening(_nic.Name, _nic.Address);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveFromAsync(_datagram.AsMemory(), SocketFlags.None, _sender, cancellationToken);
                Answer(_datagram.AsSpan(0, length), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                // The interface went down, a file cannot be read, or there is a defect: nothing ends the service.
                LogFailure(exception, _nic.Name);
                await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(_transfers.Running());
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Answer(ReadOnlySpan<byte> datagram, CancellationToken cancellationToken)
    {
        if (!TftpPacket.TryParse(datagram, out var packet, out var error))
        {
            // An answer to a malformed ACK or ERROR could go round for ever.
            if (error is TftpParseError.MissingTerminator or TftpParseError.MissingName or TftpParseError.MissingValue)
            {
                Refuse(TftpErrorCode.IllegalOperation, "malformed request"u8);
            }

            return;
        }

        switch (packet.Opcode)
        {
            case TftpOpcode.ReadRequest when Ascii.EqualsIgnoreCase(packet.Mode, "octet"u8):
                Begin(packet, cancellationToken);
                break;
            case TftpOpcode.ReadRequest:
                Refuse(TftpErrorCode.NotDefined, "only octet mode is served"u8);
                break;
            case TftpOpcode.WriteRequest:
                Refuse(TftpErrorCode.AccessViolation, "nothing can be written here"u8);
                break;
            default:
                break;
        }
    }

    private void Begin(in TftpPacket request, CancellationToken cancellationToken)
    {
        var client = WireAddress.Read(_sender);
        switch (_transfers.Admit(client))
        {
            case TftpAdmission.Repeated:
                return;
            case TftpAdmission.TooMany:
                LogTooMany(client.Address, _settings.MaximumTransfers, _settings.MaximumTransfersPerClient);
                Refuse(TftpErrorCode.NotDefined, "too many transfers, ask again later"u8);
                return;
            default:
                break;
        }

        if (!_files.TryOpen(request.Body, client.Address, out var file, out var code, out var message))
        {
            var name = WireText.Printable(request.Body);
            _marks.Refused(client.Address, name, message);
            LogRefused(client.Address, name, message);
            Refuse(code, Encoding.ASCII.GetBytes(message));
            return;
        }

        if (!UdpSocket.TryOpen(_nic, _nic.Address.ToIPAddress(), 0, "TFTP", out var socket, out var problem))
        {
            file.Dispose();
            LogError(_nic.Name, problem);
            Refuse(TftpErrorCode.NotDefined, "no port is free"u8);
            return;
        }

        var agreement = TftpAgreement.Negotiate(
            TftpRequestedOptions.Read(request), file.Size, MaximumBlockSize(client.Address), _settings.MaximumWindowSize);
        var transfer = new TftpTransfer(file, agreement, _settings, socket, client, _clock) { Progressed = _marks.Progressed };
        _transfers.Add(transfer, SendAsync(transfer, cancellationToken));
    }

    private int MaximumBlockSize(Ipv4 client)
    {
        var fits = _nic.Mtu - IpUdpAndTftpHeaders;
        return _settings.Quirks?.MaximumBlockSize(client) is { } cap ? Math.Clamp(cap, TftpRequestedOptions.MinimumBlockSize, fits) : fits;
    }

    // The transfers' owner is this listener: RunAsync waits for them.
    private async Task SendAsync(TftpTransfer transfer, CancellationToken cancellationToken)
    {
        using (transfer)
        {
            // The table must hold the transfer before it can end.
            await Task.Yield();
            try
            {
                await transfer.RunAsync(cancellationToken);
            }
            catch (Exception exception)
            {
                LogTransferFailure(exception, transfer.Client.Address, transfer.File.Name);
            }
            finally
            {
                _transfers.Remove(transfer);
            }

            _marks.Ended(transfer);
            LogEnded(transfer.Client.Address, transfer.File.Name, transfer.Outcome, transfer.Bytes, transfer.File.Size, transfer.Elapsed.TotalSeconds, transfer.Reason);
        }
    }

    private void Refuse(TftpErrorCode code, ReadOnlySpan<byte> message)
    {
        var length = TftpPacketWriter.WriteError(_answer, code, message);
        _socket.SendTo(_answer.AsSpan(0, length), SocketFlags.None, _sender);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "TFTP answers on {Interface}, {Address} port 69/udp")]
    private partial void LogListening(string @interface, Ipv4 address);

    [LoggerMessage(Level = LogLevel.Error, Message = "TFTP on {Interface} dropped a request")]
    private partial void LogFailure(Exception exception, string @interface);

    [LoggerMessage(Level = LogLevel.Warning, Message = "TFTP on {Interface}: {Error}")]
    private partial void LogError(string @interface, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "TFTP to {Client}: {File} could not be sent")]
    private partial void LogTransferFailure(Exception exception, Ipv4 client, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "TFTP turns {Client} away: {Total} transfers in total or {PerClient} of its own are running")]
    private partial void LogTooMany(Ipv4 client, int total, int perClient);

    [LoggerMessage(Level = LogLevel.Information, Message = "TFTP has nothing for {Client}, which asks for \"{File}\": {Reason}")]
    private partial void LogRefused(Ipv4 client, string file, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "TFTP to {Client}: {File} {Outcome}, {Bytes} of {Total} bytes in {Seconds:0.00} s {Reason}")]
    private partial void LogEnded(Ipv4 client, string file, TftpOutcome outcome, long bytes, long total, double seconds, string? reason);
}
