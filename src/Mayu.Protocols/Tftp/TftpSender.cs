namespace Mayu.Protocols.Tftp;

/// <summary>
/// The sending side of one transfer, without socket, file or clock: what came in, what goes out (RFC 1350 §6, RFC 2347,
/// RFC 7440). It answers each event with one <see cref="TftpStep"/>; the caller sends the packets and runs the time-out.
/// </summary>
public sealed class TftpSender
{
    private const int BackOffDoublings = 3;

    private readonly TftpAgreement _agreement;
    private readonly long _fileSize;
    private readonly TimeSpan _firstTimeout;
    private readonly TimeSpan _patience;
    private readonly Func<int, int>? _allow;
    private bool _awaitsOackAnswer;
    private bool _answeredRepeat;
    private int _timeouts;
    private TimeSpan _silence;
    private long _acknowledged;
    private long _sent;

    /// <summary>Prepares a transfer; <see cref="Start"/> begins it.</summary>
    /// <param name="agreement">What was negotiated.</param>
    /// <param name="fileSize">Bytes to send.</param>
    /// <param name="firstTimeout">How long to wait for an ACK where the client set no <c>timeout</c>; doubles with each silence up to eightfold.</param>
    /// <param name="patience">How long the client may acknowledge nothing before it counts as gone.</param>
    /// <param name="allow">
    /// How many of so many blocks may be sent now; 0: none yet, the caller says <see cref="Resume"/> when some may. null: all of them.
    /// </param>
    public TftpSender(TftpAgreement agreement, long fileSize, TimeSpan firstTimeout, TimeSpan patience, Func<int, int>? allow = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fileSize);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(patience, TimeSpan.Zero);
        _agreement = agreement;
        _fileSize = fileSize;
        _firstTimeout = firstTimeout;
        _patience = patience;
        _allow = allow;
        BlockCount = (fileSize / agreement.BlockSize) + 1;
    }

    /// <summary>All blocks, the last and shorter one (possibly empty) included.</summary>
    public long BlockCount { get; }

    /// <summary>How the transfer ended.</summary>
    public TftpOutcome Outcome { get; private set; }

    /// <summary>Bytes that the client acknowledged.</summary>
    public long AcknowledgedBytes => Math.Min(_acknowledged * _agreement.BlockSize, _fileSize);

    /// <summary>Whether every block was sent at least once.</summary>
    public bool IsAllSent => _sent == BlockCount;

    /// <summary>Whether the client has answered at all: it is there, and nobody made its address up.</summary>
    public bool IsAnswered { get; private set; }

    /// <summary>
    /// How long to wait after what was sent last. The client's own <c>timeout</c> counts where it set one (RFC 2349); the last
    /// wait ends with the patience.
    /// </summary>
    public TimeSpan Timeout
    {
        get
        {
            var pause = _agreement.AcknowledgedTimeoutSeconds is { } seconds
                ? TimeSpan.FromSeconds(seconds)
                : _firstTimeout * (1 << Math.Min(_timeouts, BackOffDoublings));
            var left = _patience - _silence;
            return pause < left ? pause : left;
        }
    }

    /// <summary>The first packet: the OACK, or block 1 where nothing is to be acknowledged.</summary>
    public TftpStep Start()
    {
        _awaitsOackAnswer = _agreement.NeedsOack;
        return _awaitsOackAnswer ? new TftpStep(TftpStepKind.SendOack) : SendWindow();
    }

    /// <summary>An ACK came.</summary>
    /// <param name="block">Its number on the wire.</param>
    public TftpStep OnAcknowledgement(ushort block)
    {
        if (Outcome != TftpOutcome.Running)
        {
            return default;
        }

        if (_awaitsOackAnswer)
        {
            if (block != 0)
            {
                return default;
            }

            _awaitsOackAnswer = false;
            Hear();
            return SendWindow();
        }

        // Numbers wrap after 65535; the distance from the last acknowledged block says which one is meant.
        long newly = (ushort)(block - (ushort)_acknowledged);
        if (newly == 0)
        {
            return OnRepeatedAcknowledgement();
        }

        if (newly > _sent - _acknowledged)
        {
            return default;
        }

        _acknowledged += newly;
        _answeredRepeat = false;
        Hear();
        return _acknowledged == BlockCount ? Finish(TftpOutcome.Completed) : SendWindow();
    }

    /// <summary>The client sent an ERROR.</summary>
    public TftpStep OnError() =>
        Outcome != TftpOutcome.Running ? default : Finish(_awaitsOackAnswer ? TftpOutcome.Probed : TftpOutcome.Aborted);

    /// <summary><see cref="Timeout"/> went by since something was sent.</summary>
    public TftpStep OnTimeout()
    {
        if (Outcome != TftpOutcome.Running)
        {
            return default;
        }

        _silence += Timeout;
        if (_silence >= _patience)
        {
            return Finish(!_awaitsOackAnswer && _sent == BlockCount ? TftpOutcome.Unconfirmed : TftpOutcome.TimedOut);
        }

        _timeouts++;
        return _awaitsOackAnswer ? new TftpStep(TftpStepKind.SendOack) : SendWindow();
    }

    /// <summary>After a step that had no block to send: blocks may be sent now. The client was not asked for anything meanwhile.</summary>
    public TftpStep Resume() => Outcome != TftpOutcome.Running || _awaitsOackAnswer ? default : SendWindow();

    // Block by block, a repeated ACK must bring nothing, or each late packet doubles all that follow (the sorcerer's
    // apprentice, RFC 1123 §4.2.3.1). In a window it says that the first block was lost (RFC 7440 §4): one repetition.
    private TftpStep OnRepeatedAcknowledgement()
    {
        if (_agreement.WindowSize == 1 || _answeredRepeat)
        {
            return default;
        }

        _answeredRepeat = true;
        return SendWindow();
    }

    private void Hear()
    {
        IsAnswered = true;
        _timeouts = 0;
        _silence = TimeSpan.Zero;
    }

    private TftpStep SendWindow()
    {
        var blocks = (int)Math.Min(_agreement.WindowSize, BlockCount - _acknowledged);
        blocks = _allow?.Invoke(blocks) ?? blocks;
        _sent = Math.Max(_sent, _acknowledged + blocks);
        return new TftpStep(TftpStepKind.SendBlocks, _acknowledged + 1, blocks);
    }

    private TftpStep Finish(TftpOutcome outcome)
    {
        Outcome = outcome;
        return new TftpStep(TftpStepKind.Finish);
    }
}
