using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Mayu.Core.Addresses;
using Mayu.Protocols.Tftp;
using Mayu.Server.Wire;

namespace Mayu.Server.Tftp;

/// <summary>
/// One transfer on a port of its own: reads blocks, sends what <see cref="TftpSender"/> says, and runs its time-out. It ends
/// when the sender is finished, the file cannot be read any more, its time is up, or the server stops.
/// </summary>
internal sealed class TftpTransfer : IDisposable
{
    private const int LongestFromClient = 600;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    private readonly TftpFile _file;
    private readonly TftpAgreement _agreement;
    private readonly TftpSender _sender;
    private readonly TimeSpan _maximumDuration;
    private readonly Socket _socket;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private long _progressed;
    private readonly SocketAddress _client;
    private readonly SocketAddress _from = WireAddress.Create();
    private readonly byte[] _incoming = ArrayPool<byte>.Shared.Rent(LongestFromClient);
    private readonly byte[] _outgoing;
    private readonly CancellationTokenSource _stop = new();

    public TftpTransfer(TftpFile file, TftpAgreement agreement, TftpSettings settings, Socket socket, (Ipv4 Address, ushort Port) client, TimeProvider clock)
    {
        _file = file;
        _agreement = agreement;
        _sender = new TftpSender(agreement, file.Size, settings.FirstTimeout, settings.Retransmissions);
        _maximumDuration = settings.MaximumDuration;
        _socket = socket;
        _clock = clock;
        _started = clock.GetTimestamp();
        _progressed = _started;
        _client = WireAddress.Create(client.Address, client.Port);
        _outgoing = ArrayPool<byte>.Shared.Rent(Math.Max(TftpPacket.DataHeaderSize + agreement.BlockSize, TftpPacket.MaximumRequestSize));
        Client = client;
    }

    /// <summary>Whom it goes to.</summary>
    public (Ipv4 Address, ushort Port) Client { get; }

    /// <summary>What is sent.</summary>
    public TftpFile File => _file;

    /// <summary>How it stands, or ended.</summary>
    public TftpOutcome Outcome => _sender.Outcome;

    /// <summary>Bytes that have arrived for certain.</summary>
    public long Bytes => _sender.AcknowledgedBytes;

    /// <summary>What the client said when it aborted, or what stopped the transfer on this side.</summary>
    public string? Reason { get; private set; }

    /// <summary>How long it took so far.</summary>
    public TimeSpan Elapsed => _clock.GetElapsedTime(_started);

    /// <summary>Told now and then while the transfer moves on.</summary>
    public Action<TftpTransfer>? Progressed { get; init; }

    /// <summary>Ends it soon, without a word to the client, which has begun anew.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Runs it to its end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        var timer = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _clock);
        try
        {
            var step = _sender.Start();
            while (step.Kind != TftpStepKind.Finish)
            {
                if (!TrySend(step))
                {
                    return;
                }

                step = await NextAsync(timer, stop.Token);
                if (!timer.TryReset())
                {
                    timer.Dispose();
                    timer = new CancellationTokenSource(Timeout.InfiniteTimeSpan, _clock);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Reason = "stopped";
        }
        catch (SocketException exception)
        {
            Reason = exception.Message;
        }
        finally
        {
            timer.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket.Dispose();
        _file.Dispose();
        _stop.Dispose();
        ArrayPool<byte>.Shared.Return(_incoming);
        ArrayPool<byte>.Shared.Return(_outgoing);
    }

    // The time-out runs from what was sent last; packets that move nothing do not start it anew.
    private async Task<TftpStep> NextAsync(CancellationTokenSource timer, CancellationToken stop)
    {
        timer.CancelAfter(_sender.Timeout);
        using var registration = stop.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), timer);
        try
        {
            TftpStep step;
            do
            {
                var length = await _socket.ReceiveFromAsync(_incoming.AsMemory(0, LongestFromClient), SocketFlags.None, _from, timer.Token);
                step = OnDatagram(_incoming.AsSpan(0, length));
            }
            while (step.Kind == TftpStepKind.Wait);

            return step;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return _sender.OnTimeout();
        }
    }

    private TftpStep OnDatagram(ReadOnlySpan<byte> datagram)
    {
        if (WireAddress.Read(_from) != Client)
        {
            Span<byte> error = stackalloc byte[64];
            var length = TftpPacketWriter.WriteError(error, TftpErrorCode.UnknownTransfer, "this transfer is not yours"u8);
            _socket.SendTo(error[..length], SocketFlags.None, _from);
            return default;
        }

        if (!TftpPacket.TryParse(datagram, out var packet, out _))
        {
            return default;
        }

        switch (packet.Opcode)
        {
            case TftpOpcode.Acknowledgement:
                var step = _sender.OnAcknowledgement(packet.Number);
                if (step.Kind != TftpStepKind.Wait && _clock.GetElapsedTime(_progressed) >= ProgressInterval)
                {
                    _progressed = _clock.GetTimestamp();
                    Progressed?.Invoke(this);
                }

                return step;
            case TftpOpcode.Error:
                Reason = Protocols.Net.WireText.Printable(packet.Body);
                return _sender.OnError();
            default:
                return default;
        }
    }

    private bool TrySend(TftpStep step)
    {
        if (Elapsed > _maximumDuration)
        {
            return Fail("it takes too long"u8, $"it took longer than {_maximumDuration.TotalMinutes:0} minutes");
        }

        if (step.Kind == TftpStepKind.SendOack)
        {
            Send(TftpPacketWriter.WriteOptionAcknowledgement(_outgoing, _agreement));
            return true;
        }

        for (var block = step.FirstBlock; block < step.FirstBlock + step.Blocks; block++)
        {
            var offset = (block - 1) * _agreement.BlockSize;
            var length = (int)Math.Min(_agreement.BlockSize, _file.Size - offset);
            TftpPacketWriter.WriteDataHeader(_outgoing, (ushort)block);
            if (!_file.TryRead(_outgoing.AsSpan(TftpPacket.DataHeaderSize, length), offset))
            {
                return Fail("the file changed"u8, "the file became shorter while it was sent");
            }

            Send(TftpPacket.DataHeaderSize + length);
        }

        return true;
    }

    private bool Fail(ReadOnlySpan<byte> message, string reason)
    {
        Send(TftpPacketWriter.WriteError(_outgoing, TftpErrorCode.NotDefined, message));
        Reason = reason;
        return false;
    }

    private void Send(int length) => _socket.SendTo(_outgoing.AsSpan(0, length), SocketFlags.None, _client);
}
