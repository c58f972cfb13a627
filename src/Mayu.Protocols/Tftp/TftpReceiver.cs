namespace Mayu.Protocols.Tftp;

/// <summary>
/// The receiving side of one transfer, without socket, file or clock (RFC 1350 §6, RFC 2347, RFC 7440): the counterpart of
/// <see cref="TftpSender"/>. The caller sends what each step says and takes the data of the packet where the step says so.
/// </summary>
/// <param name="asked">The options of the request. What the server answers may be less and never more.</param>
/// <param name="maximumSize">The most bytes that are taken; a longer file ends the transfer.</param>
public sealed class TftpReceiver(TftpRequestedOptions asked, long maximumSize)
{
    private const int DefaultBlockSize = 512;

    private long _blocks;
    private int _inWindow;
    private bool _hasBegun;
    private bool _toldGap;

    /// <summary>Bytes of a block that is not the last one.</summary>
    public int BlockSize { get; private set; } = DefaultBlockSize;

    /// <summary>How many blocks are acknowledged at once.</summary>
    public int WindowSize { get; private set; } = 1;

    /// <summary>The size that the server told (<c>tsize</c>); null where it told none.</summary>
    public long? ToldSize { get; private set; }

    /// <summary>Bytes received.</summary>
    public long Received { get; private set; }

    /// <summary>Whether the last block came.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>A packet came from the transfer's port.</summary>
    public TftpReceiverStep OnPacket(scoped in TftpPacket packet)
    {
        return packet.Opcode switch
        {
            TftpOpcode.Error => new TftpReceiverStep(TftpReceiverStepKind.Refused),
            TftpOpcode.OptionAcknowledgement when !_hasBegun || _blocks == 0 => OnOptions(packet),
            TftpOpcode.Data => OnData(packet),
            _ => default,
        };
    }

    /// <summary>Nothing came in time: what was sent last is to be sent again.</summary>
    public TftpReceiverStep OnTimeout()
    {
        _inWindow = 0;
        return _hasBegun ? Acknowledge() : new TftpReceiverStep(TftpReceiverStepKind.SendRequest);
    }

    private TftpReceiverStep OnOptions(scoped in TftpPacket packet)
    {
        var told = TftpRequestedOptions.Read(packet);
        if (IsMore(told.BlockSize, asked.BlockSize) || IsMore(told.WindowSize, asked.WindowSize)
            || (told.TransferSize is not null && asked.TransferSize is null) || (told.TimeoutSeconds is not null && told.TimeoutSeconds != asked.TimeoutSeconds))
        {
            return new TftpReceiverStep(TftpReceiverStepKind.Refuse) { Code = TftpErrorCode.OptionsRefused };
        }

        _hasBegun = true;
        (BlockSize, WindowSize, ToldSize) = (told.BlockSize ?? DefaultBlockSize, told.WindowSize ?? 1, told.TransferSize);
        return ToldSize > maximumSize ? new TftpReceiverStep(TftpReceiverStepKind.Refuse) { Code = TftpErrorCode.DiskFull } : Acknowledge();
    }

    private TftpReceiverStep OnData(scoped in TftpPacket packet)
    {
        if (packet.Number != (ushort)(_blocks + 1))
        {
            // One that came before is not acknowledged again unless it is the last one (the sorcerer's apprentice); a gap in a window is told once.
            return OnWrongBlock(packet.Number);
        }

        if (packet.Body.Length > BlockSize)
        {
            return new TftpReceiverStep(TftpReceiverStepKind.Refuse) { Code = TftpErrorCode.IllegalOperation };
        }

        if (Received + packet.Body.Length > maximumSize)
        {
            return new TftpReceiverStep(TftpReceiverStepKind.Refuse) { Code = TftpErrorCode.DiskFull };
        }

        _hasBegun = true;
        _toldGap = false;
        _blocks++;
        Received += packet.Body.Length;
        IsComplete = packet.Body.Length < BlockSize;
        if (IsComplete || ++_inWindow >= WindowSize)
        {
            _inWindow = 0;
            return Acknowledge() with { TakesData = true };
        }

        return new TftpReceiverStep(TftpReceiverStepKind.Nothing) { TakesData = true };
    }

    private TftpReceiverStep OnWrongBlock(ushort number)
    {
        var isAhead = (ushort)(number - (ushort)_blocks) < ushort.MaxValue / 2;
        if (isAhead ? _toldGap || !_hasBegun : number != (ushort)_blocks || !_hasBegun)
        {
            return default;
        }

        _toldGap = isAhead;
        _inWindow = 0;
        return Acknowledge();
    }

    private TftpReceiverStep Acknowledge() => new(TftpReceiverStepKind.Acknowledge) { Block = (ushort)_blocks };

    private static bool IsMore(int? told, int? wanted) => told is { } value && (wanted is not { } most || value > most);
}
