using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Leases;

/// <summary>
/// Writes every lease to the file of leases. Who answers clients only leaves a line in memory; one thread of its own takes all lines that
/// came meanwhile to the disk with one flush, and says how far it got. So the answers wait for the disk, and who gives them
/// does not. Measured by <c>bench/run dhcp</c>.
/// </summary>
/// <remarks>
/// Where the disk fails, addresses are given out all the same: a rack that does not boot is worse than leases that a restart forgets,
/// and an address is asked for on the wire before it is given to somebody else. <see cref="Trouble"/> says so.
/// </remarks>
internal sealed partial class LeaseJournal : ILeaseLog, IDisposable
{
    // Lines that wait for the disk: some 20,000 leases. What comes beyond that is made good by writing the whole file.
    private const int Room = 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>How long after a failure the file is tried again by itself; doubled after each further one.</summary>
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);

    /// <summary>By how much the clock on the wall may move against that of leases before the file is written anew.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(5);

    private readonly LeaseFile _file;
    private readonly TimeProvider _clock;
    private readonly long _started;
    private readonly ILogger<LeaseJournal> _logger;
    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly ManualResetEvent _stop = new(initialState: false);
    private readonly Thread _writer;
    private IReadOnlyList<ILeaseHolder> _holders = [];
    private byte[] _waiting = new byte[Room];
    private byte[] _writing = new byte[Room];
    private int _waitingLength;
    private long _newest;
    private long _durable;
    private bool _isAwake;
    private bool _isIncomplete;
    private bool _isStopping;
    private TimeSpan _retryAfter = FirstRetry;

    // When this began by the clock on the wall, as the lines of the file have it.
    private DateTimeOffset _startedAt;

    private LeaseJournal(LeaseFile file, ImmutableArray<LeaseRecord> restored, TimeProvider clock, ILogger<LeaseJournal> logger)
    {
        _file = file;
        _clock = clock;
        _started = clock.GetTimestamp();
        _startedAt = StartedAt();
        _logger = logger;
        Restored = restored;
        _writer = new Thread(WriteUntilStopped) { Name = "dhcp leases", IsBackground = true };
    }

    /// <summary>How often it is looked whether somebody set the clock.</summary>
    /// <value>10 seconds.</value>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What was known before the restart, in the order of its end.</summary>
    public ImmutableArray<LeaseRecord> Restored { get; }

    /// <summary>Why leases are not durable now; null while they are.</summary>
    public string? Trouble { get; private set; }

    /// <inheritdoc/>
    public long Newest => Volatile.Read(ref _newest);

    /// <inheritdoc/>
    public long Durable => Volatile.Read(ref _durable);

    /// <summary>Reads the file of a folder. <see cref="Start"/> begins to write.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="clock">The time, of which the ends of leases are made.</param>
    /// <param name="logger">The log.</param>
    /// <param name="journal">The journal.</param>
    /// <param name="problem">Why not, as a sentence that names the file; null on success.</param>
    public static bool TryOpen(
        string folder, TimeProvider clock, ILogger<LeaseJournal> logger, [NotNullWhen(true)] out LeaseJournal? journal, [NotNullWhen(false)] out string? problem)
    {
        (journal, problem) = (null, null);
        var file = new LeaseFile(folder);
        try
        {
            var records = file.Read(out var damaged);
            if (damaged > 0)
            {
                LogDamaged(logger, file.Path, Counted.Of(damaged, "damaged line, which is", "damaged lines, which are"), file.SetAside());
            }

            journal = new LeaseJournal(file, records, clock, logger);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"the file of DHCP leases {file.Path} cannot be read: {ClosedPath.Describe(file.Path) ?? e.Reason()}. Without it addresses could be leased twice. "
                + (e is UnauthorizedAccessException ? ClosedPath.Remedy(folder) : "Repair it, or move it away.");
            return false;
        }
    }

    /// <summary>Writes the file anew, for nothing of the former one is needed any more, and begins to take lines. It ends with <see cref="Dispose"/>.</summary>
    /// <param name="holders">Whose leases belong into the file, and who waits for them to become durable.</param>
    public void Start(IReadOnlyList<ILeaseHolder> holders)
    {
        _holders = holders;
        _isIncomplete = true;
        _isAwake = true;
        _wake.Set();
        _writer.Start();
    }

    /// <inheritdoc/>
    public void Append(in LeaseRecord record)
    {
        lock (_gate)
        {
            _newest++;
            if (_waitingLength > _waiting.Length - LeaseLine.MaximumLength)
            {
                _isIncomplete = true;
            }
            else
            {
                _waitingLength += LeaseLine.Write(_waiting.AsSpan(_waitingLength), record);
            }

            if (!_isAwake)
            {
                _isAwake = true;
                _wake.Set();
            }
        }
    }

    /// <summary>Takes the last lines to the disk, and ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            _stop.Set();
            _wake.Set();
        }

        if (_writer.IsAlive)
        {
            _writer.Join();
        }

        _file.Dispose();
        _wake.Dispose();
        _stop.Dispose();
    }

    private void WriteUntilStopped()
    {
        while (true)
        {
            WaitForWork();
            int length;
            long upTo;
            bool isStopping;
            lock (_gate)
            {
                (_waiting, _writing) = (_writing, _waiting);
                (length, _waitingLength) = (_waitingLength, 0);
                upTo = _newest;
                _isAwake = false;
                isStopping = _isStopping;
            }

            WriteOnce(_writing.AsSpan(0, length));
            Volatile.Write(ref _durable, upTo);
            foreach (var holder in _holders)
            {
                holder.Release(upTo);
            }

            if (isStopping)
            {
                TrimFile();
                return;
            }

            // Whoever waits does not notice, and a busy server shares one flush among more of them.
            _stop.WaitOne(Pause);
        }
    }

    // Where the disk failed nobody may come for hours who would have it tried again.
    private void WaitForWork()
    {
        if (Trouble is null)
        {
            _retryAfter = FirstRetry;
            _wake.WaitOne(LookEvery);
        }
        else if (!_wake.WaitOne(_retryAfter))
        {
            _retryAfter = _retryAfter * 2 < LastRetry ? _retryAfter * 2 : LastRetry;
        }
    }

    // The file says when leases end by the clock on the wall, and they end by one that nobody sets: that of a host without a battery says 1970
    // until NTP answers, and at the next start every lease would have ended long ago.
    private bool WasClockSet()
    {
        var startedAt = StartedAt();
        if ((startedAt - _startedAt).Duration() < Drift)
        {
            return false;
        }

        _startedAt = startedAt;
        return true;
    }

    private DateTimeOffset StartedAt() => _clock.GetUtcNow() - _clock.GetElapsedTime(_started);

    private void TrimFile()
    {
        try
        {
            _file.Trim();
        }
        catch (IOException e)
        {
            LogFailed(_file.Path, e.Reason());
        }
    }

    // What was appended after the swap may be in the pools' records already and comes again as a line: the newest of an address holds.
    private void WriteOnce(ReadOnlySpan<byte> lines)
    {
        try
        {
            bool isIncomplete;
            lock (_gate)
            {
                (isIncomplete, _isIncomplete) = (_isIncomplete, false);
            }

            if (WasClockSet() || isIncomplete || _file.Length + lines.Length > _file.Room)
            {
                _file.Rewrite(_holders.SelectMany(holder => holder.Records()));
            }
            else if (!lines.IsEmpty)
            {
                _file.Append(lines);
            }

            if (Trouble is not null)
            {
                LogMended(_file.Path);
                Trouble = null;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (Trouble is null)
            {
                LogFailed(_file.Path, e.Reason());
            }

            Trouble = $"the file of DHCP leases {_file.Path} cannot be written ({e.Reason()}): leases are lost at a restart";
            lock (_gate)
            {
                _isIncomplete = true;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{File} cannot be written: {Error}. Addresses are still leased, but the leases are lost at a restart")]
    private partial void LogFailed(string file, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} is written again and has every lease")]
    private partial void LogMended(string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} has {Damaged} skipped; a copy is in {Aside}")]
    private static partial void LogDamaged(ILogger logger, string file, string damaged, string aside);
}
