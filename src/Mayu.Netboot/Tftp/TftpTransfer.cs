using Mayu.Linux.Sockets;
using Mayu.Netboot.Files;
using Mayu.Primitives;
using Mayu.Protocols.Net;
using Mayu.Protocols.Tftp;

namespace Mayu.Netboot.Tftp;

/// <summary>
/// One transfer: what <see cref="TftpSender"/> says is to be sent, and by when something must have come. It sends nothing
/// itself: its port does, when it has room. Used by the listener's thread alone.
/// </summary>
internal sealed class TftpTransfer
{
    // How long a file may be sent on before it is looked at whether somebody wrote to it; before the last block it always is.
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(200);

    // How long a window waits for room in the budget: some round trips of the clients that have it now.
    private static readonly TimeSpan BudgetWait = TimeSpan.FromMilliseconds(20);

    // The kernel asks for a MAC for three seconds.
    private static readonly TimeSpan ArpPatience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan ArpPause = TimeSpan.FromSeconds(1);

    // Less than a machine needs to start again, more than a packet stays on its way.
    private static readonly TimeSpan Straggling = TimeSpan.FromSeconds(1);

    private readonly TftpSender _sender;
    private readonly TftpSettings _settings;
    private readonly UnresolvedClients _unresolved;
    private readonly TimeProvider _clock;

    // Time stamps of the clock, compared as they are: an ACK costs no arithmetic on times.
    private readonly long _started;
    private readonly long _last;
    private long _heard;
    private bool _isHeard;
    private long _progressAt;
    private long _checkAt;
    private bool _waitsForBudget;
    private bool _isResolved;

    // What is to be sent: the OACK, blocks counted from 1 without wrapping, an ERROR as the last packet.
    private bool _owesOack;
    private long _nextBlock;
    private byte[]? _error;
    private bool _isQueued;

    public TftpTransfer(
        in GrantedRequest request, TftpPort port, TftpSettings settings, UnprovenBudget budget, UnresolvedClients unresolved, TimeProvider clock)
    {
        var (file, agreement) = (request.File, request.Agreement);
        File = file;
        Agreement = agreement;
        Port = port;
        Name = request.Client;
        Request = request.Hash;
        _unresolved = unresolved;
        // A window of one block is never cut.
        Func<int, int>? allow = agreement.WindowSize > 1 ? new UnprovenWindows(agreement, budget, IsClientKnown).Allow : null;
        _sender = new TftpSender(agreement, file.Size, settings.FirstTimeout, settings.IdleTimeout, allow);
        _settings = settings;
        _clock = clock;
        _started = clock.GetTimestamp();
        _heard = _started;
        _last = _started + Ticks(settings.MaximumDuration);
        _progressAt = _started + Ticks(ProgressInterval);
        _checkAt = _started + Ticks(CheckInterval);
        Node = new LinkedListNode<TftpTransfer>(this);
        NodeOfClient = new LinkedListNode<TftpTransfer>(this);
    }

    /// <summary>What is sent.</summary>
    public ServedFile File { get; }

    /// <summary>What both sides hold to.</summary>
    public TftpAgreement Agreement { get; }

    /// <summary>Where it is sent from.</summary>
    public TftpPort Port { get; }

    /// <summary>Whom it goes to, as the socket calls have it.</summary>
    public SocketName Name { get; }

    /// <summary>Whom it goes to.</summary>
    public (Ipv4 Address, ushort Port) Client => (Name.Address, Name.Port);

    /// <summary>A hash of the request's bytes, to know the same request when it comes again.</summary>
    public int Request { get; }

    /// <summary>How it stands, or ended.</summary>
    public TftpOutcome Outcome => _sender.Outcome;

    /// <summary>Whether the client has answered at all.</summary>
    public bool IsAnswered => _sender.IsAnswered;

    /// <summary>Bytes that have arrived for certain.</summary>
    public long Bytes => _sender.AcknowledgedBytes;

    /// <summary>What the client said when it aborted, or what stopped the transfer on this side.</summary>
    public string? Reason { get; private set; }

    /// <summary>How long it took so far.</summary>
    public TimeSpan Elapsed => _clock.GetElapsedTime(_started);

    /// <summary>Whether nothing more will happen; a last ERROR may still have to go out.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the kernel knows the way to the client, or knew it; before that what is sent is limited.</summary>
    public bool IsResolved => _isResolved || (_isResolved = _unresolved.IsResolved(Name));

    /// <summary>Whether anything waits to be sent.</summary>
    public bool Owes => OwesPacket || OwedBlocks > 0;

    /// <summary>Whether an OACK or an ERROR waits to be sent.</summary>
    public bool OwesPacket => _owesOack || _error is not null;

    /// <summary>The block before which sending stops until an ACK comes.</summary>
    public long EndBlock { get; private set; }

    /// <summary>How many blocks wait to be sent before an ACK must come.</summary>
    public long OwedBlocks => EndBlock - _nextBlock;

    /// <summary>When the client's silence has lasted too long, as a time stamp of the clock.</summary>
    public long Deadline { get; private set; }

    /// <summary>When the table of deadlines looks at it next; <see cref="long.MaxValue"/> where it does not.</summary>
    public long ScheduledFor { get; private set; } = long.MaxValue;

    /// <summary>Its place among those that nobody has answered yet, or among those that somebody has.</summary>
    public LinkedListNode<TftpTransfer> Node { get; }

    /// <summary>Its place among those of its client's address.</summary>
    public LinkedListNode<TftpTransfer> NodeOfClient { get; }

    /// <summary>
    /// Whether a request is the one that began this transfer, come again: the client has not answered yet, or is in the
    /// middle of the file and was heard just now.
    /// </summary>
    public bool IsRepeatedBy(int request, long now) =>
        request == Request && (!IsAnswered || (!_sender.IsAllSent && _clock.GetElapsedTime(_heard, now) < Straggling));

    /// <summary>Whether nothing was heard of the client for as long as a block waits for its first ACK.</summary>
    public bool IsSilent(long now) => _clock.GetElapsedTime(_heard, now) >= _settings.FirstTimeout;

    /// <summary>Whether the client was heard since this was last asked.</summary>
    public bool TakeHeard()
    {
        var isNews = _isHeard;
        _isHeard = false;
        return isNews;
    }

    /// <summary>Its port is to know that it owes something.</summary>
    /// <returns>False where it knows already.</returns>
    public bool TryQueue() => !_isQueued && (_isQueued = true);

    /// <summary>Its port has all that it owed.</summary>
    public void Dequeue() => _isQueued = false;

    /// <summary>Takes the OACK that is to be sent, if it is.</summary>
    public bool TakeOack()
    {
        var owed = _owesOack;
        _owesOack = false;
        return owed;
    }

    /// <summary>Takes the message of the ERROR that is to be sent as the last packet; null: none.</summary>
    public byte[]? TakeError()
    {
        var error = _error;
        _error = null;
        return error;
    }

    /// <summary>Takes so many of the <see cref="OwedBlocks"/>.</summary>
    /// <returns>The first, counted from 1 without wrapping.</returns>
    public long TakeBlocks(int count)
    {
        var first = _nextBlock;
        _nextBlock += count;
        return first;
    }

    /// <summary>The kernel had no room: what was taken is owed again from here on.</summary>
    /// <param name="firstBlock">The first of the blocks; 0: the OACK.</param>
    public void GiveBack(long firstBlock)
    {
        if (firstBlock > 0)
        {
            _nextBlock = firstBlock;
        }
        else
        {
            _owesOack = true;
        }
    }

    /// <summary>The table of deadlines looks at it when its deadline is due.</summary>
    public void Schedule() => ScheduledFor = Deadline;

    /// <summary>The table of deadlines looks at it now.</summary>
    public void Unschedule() => ScheduledFor = long.MaxValue;

    /// <summary>Begins it.</summary>
    public void Start(long now) => Take(_sender.Start(), now);

    /// <summary>An ACK came.</summary>
    /// <returns>Whether it has moved on so long after the last time that somebody may want to know.</returns>
    public bool OnAcknowledgement(ushort block, long now)
    {
        var step = _sender.OnAcknowledgement(block);
        Take(step, now);
        if (step.Kind != TftpStepKind.Wait)
        {
            (_heard, _isHeard) = (now, true);
        }

        if (step.Kind != TftpStepKind.SendBlocks || now < _progressAt)
        {
            return false;
        }

        _progressAt = now + Ticks(ProgressInterval);
        return true;
    }

    /// <summary>An ERROR came.</summary>
    public void OnError(ReadOnlySpan<byte> message, long now)
    {
        Reason = WireText.Printable(message);
        Take(_sender.OnError(), now);
    }

    /// <summary>The deadline went by.</summary>
    public void OnTimeout(long now)
    {
        if (Owes)
        {
            // It was never sent: the client is not to blame for its silence.
            Deadline = now + Ticks(_sender.Timeout);
            CheckDuration(now);
            return;
        }

        if (!_waitsForBudget && !IsResolved)
        {
            AwaitArp(now);
            return;
        }

        Take(_waitsForBudget ? _sender.Resume() : _sender.OnTimeout(), now);
    }

    /// <summary>Ends it without a word to the client.</summary>
    public void Stop(string reason)
    {
        Reason = reason;
        End();
    }

    /// <summary>Ends it with an ERROR.</summary>
    /// <param name="message">What the client is told, ASCII.</param>
    /// <param name="reason">What the log and the trace are told.</param>
    public void Fail(ReadOnlySpan<byte> message, string reason)
    {
        if (!IsOver)
        {
            Stop(reason);
            _error = message.ToArray();
        }
    }

    /// <summary>The file is not what it was when it was opened.</summary>
    public void FailForChangedFile() => Fail("the file changed"u8, "the file was changed while it was sent");

    private void Take(TftpStep step, long now)
    {
        switch (step.Kind)
        {
            case TftpStepKind.SendOack:
                _owesOack = true;
                break;
            case TftpStepKind.SendBlocks when !CheckFile(step, now):
                return;
            case TftpStepKind.SendBlocks:
                _nextBlock = step.FirstBlock;
                EndBlock = step.FirstBlock + step.Blocks;
                _waitsForBudget = step.Blocks == 0;
                break;
            case TftpStepKind.Finish:
                End();
                return;
            default:
                return;
        }

        Deadline = now + Ticks(_waitsForBudget ? BudgetWait : _sender.Timeout);
        CheckDuration(now);
    }

    // Block numbers can be guessed, so an ACK alone proves little.
    private bool IsClientKnown() => _sender.AcknowledgedBytes > 0 && IsResolved;

    // What was sent waits in the kernel. More of it would have the kernel ask for ever for somebody who is not there.
    private void AwaitArp(long now)
    {
        if (_clock.GetElapsedTime(_started, now) >= ArpPatience)
        {
            Stop("no ARP answer for its address");
            return;
        }

        Deadline = now + Ticks(ArpPause);
    }

    // A file that was written to would arrive as a mixture of two; better not at all.
    private bool CheckFile(TftpStep step, long now)
    {
        if (step.FirstBlock + step.Blocks <= _sender.BlockCount && now < _checkAt)
        {
            return true;
        }

        _checkAt = now + Ticks(CheckInterval);
        if (File.IsUnchanged)
        {
            return true;
        }

        FailForChangedFile();
        return false;
    }

    private void CheckDuration(long now)
    {
        if (now > _last)
        {
            Fail("it takes too long"u8, $"it took longer than {_settings.MaximumDuration.TotalMinutes:0.#} minutes");
        }
    }

    private void End()
    {
        IsOver = true;
        _owesOack = false;
        _nextBlock = EndBlock = 0;
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _clock.TimestampFrequency);
}
