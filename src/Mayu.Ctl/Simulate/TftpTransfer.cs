using System.Net;
using System.Net.Sockets;
using Mayu.Protocols.Net;
using Mayu.Protocols.Tftp;

namespace Mayu.Ctl.Simulate;

/// <summary>One file on its way by TFTP.</summary>
internal sealed class TftpTransfer
{
    /// <summary>How long is waited before something is sent again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int Port = 69;
    private const int BlockSize = 1428;

    private readonly Socket _socket;
    private readonly IPAddress _server;
    private readonly long _maximum;
    private readonly Stream? _keep;
    private readonly TftpReceiver _receiver;
    private readonly byte[] _request = new byte[TftpPacket.MaximumRequestSize];
    private readonly byte[] _answer = new byte[TftpPacket.MaximumRequestSize];
    private readonly byte[] _buffer = new byte[TftpRequestedOptions.MaximumBlockSize + TftpPacket.DataHeaderSize];
    private readonly int _requestLength;
    private EndPoint? _peer;
    private TftpReceiverStep _step = new(TftpReceiverStepKind.SendRequest);

    public TftpTransfer(Socket socket, IPAddress server, string name, long maximum, Stream? keep)
    {
        (_socket, _server, _maximum, _keep) = (socket, server, maximum, keep);
        var asked = new TftpRequestedOptions { BlockSize = BlockSize, TransferSize = 0 };
        _receiver = new TftpReceiver(asked, maximum);
        _requestLength = TftpPacketWriter.WriteReadRequest(_request, name, asked);
    }

    /// <summary>Bytes that came so far.</summary>
    public long Received => _receiver.Received;

    /// <summary>The size of the whole file, or in the server's words why there is none; null while it is on its way.</summary>
    public (long Size, string? Refusal)? Result { get; private set; }

    /// <summary>What was wrong with it; null for nothing.</summary>
    public string? Broken { get; private set; }

    /// <summary>Sends what is to be sent, and takes one packet.</summary>
    /// <returns>False where none came for a while.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        await SendAsync(cancellation);
        if (Result is not null)
        {
            return true;
        }

        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        pause.CancelAfter(Pause);
        try
        {
            _step = default;
            SocketReceiveFromResult received;
            do
            {
                received = await _socket.ReceiveFromAsync(_buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), pause.Token);
            }
            while (!TryTake(_buffer.AsSpan(0, received.ReceivedBytes), (IPEndPoint)received.RemoteEndPoint));
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            _step = _receiver.OnTimeout();
            return false;
        }
        catch (SocketException)
        {
            // Nobody listens there (ICMP): it may be about to.
            await Task.Delay(Pause, cancellation);
            _step = _receiver.OnTimeout();
            return false;
        }
    }

    // Another sender, or another port, is no part of this transfer (RFC 1350 §4).
    private bool TryTake(ReadOnlySpan<byte> datagram, IPEndPoint from)
    {
        if (!from.Address.Equals(_server) || (_peer is not null && !from.Equals(_peer)) || !TftpPacket.TryParse(datagram, out var packet, out _))
        {
            return false;
        }

        _peer = from;
        _step = _receiver.OnPacket(packet);
        if (_step.TakesData)
        {
            _keep?.Write(packet.Body);
        }

        if (_step.Kind == TftpReceiverStepKind.Refused)
        {
            Result = (0, packet.Body.IsEmpty ? $"error {packet.Number}" : WireText.Printable(packet.Body));
        }
        else if (_step.Kind == TftpReceiverStepKind.Refuse)
        {
            Broken = _step.Code == TftpErrorCode.DiskFull ? $"it has more than the {_maximum} bytes that a simulation takes" : $"the server broke the protocol: {_step.Code}";
        }

        return true;
    }

    private async Task SendAsync(CancellationToken cancellation)
    {
        var bytes = _step.Kind switch
        {
            TftpReceiverStepKind.SendRequest => _request.AsMemory(0, _requestLength),
            TftpReceiverStepKind.Acknowledge => _answer.AsMemory(0, TftpPacketWriter.WriteAcknowledgement(_answer, _step.Block)),
            TftpReceiverStepKind.Refuse => _answer.AsMemory(0, TftpPacketWriter.WriteError(_answer, _step.Code, "not taken"u8)),
            _ => Memory<byte>.Empty,
        };
        if (!bytes.IsEmpty)
        {
            await _socket.SendToAsync(bytes, _peer ?? new IPEndPoint(_server, Port), cancellation);
        }

        if (_receiver.IsComplete || Broken is not null)
        {
            Result = (_receiver.Received, null);
        }
    }
}
