using System.Collections.Immutable;
using Mayu.Primitives;

namespace Mayu.Core.Boot;

/// <summary>
/// What every machine did while it booted: the newest marks of each, in memory. Safe for use from any thread; every call for one
/// machine is O(1) in the number of machines, and a mark allocates nothing once its machine is known and its ring full.
/// </summary>
/// <remarks>
/// Memory is bounded: <see cref="MaxHops"/> marks of 80 bytes and <see cref="HopRing.MaxCharacters"/> characters of text a machine; 21 KB at the very
/// most and some 3 KB commonly, with its MACs; as much again for what it sends by syslog. A step that is taken again and again, or a cycle of up to <see cref="HopRing.MaxCycle"/> of them, is kept
/// once with a count, so that a machine that loops for hours does not push out how that began. Machines with a record have a part of their own.
/// Strangers share two small parts, those that told a serial and those of which only a MAC was seen, so that however many come, they push out only
/// each other. In each part the one that was silent longest goes first.
/// </remarks>
/// <param name="clock">Stamps the marks.</param>
/// <param name="isKnown">Whether a serial is a machine with a record. Called under a lock: it must not wait. Null: all are.</param>
/// <param name="maxMachines">How many machines with a record are remembered.</param>
/// <param name="maxStrangers">How many strangers with a serial, and how many without, are remembered.</param>
public sealed class BootTrace(TimeProvider clock, Func<Serial, bool>? isKnown = null, int maxMachines = 20_000, int maxStrangers = 4_096)
{
    /// <summary>How many marks of one machine are kept.</summary>
    public const int MaxHops = 64;

    /// <summary>How many MACs of one machine are kept; the one that came first goes first.</summary>
    public const int MaxMacs = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<MacAddress, TraceLine> _byMac = [];
    private readonly Dictionary<Serial, TraceLine> _bySerial = [];
    private readonly LinkedList<TraceLine> _machines = new();
    private readonly LinkedList<TraceLine> _sighted = new();
    private readonly LinkedList<TraceLine> _nameless = new();
    private readonly TraceChanges _changes = new(maxMachines + (2 * maxStrangers));

    /// <summary>Each mark as it is left, and what else happens to machines, for who watches.</summary>
    public BootEvents Events { get; } = new();

    /// <summary>A mark for a machine of which only the MAC is known.</summary>
    /// <inheritdoc cref="Mark(Serial, HopKind, in HopDetail, long?, long?, TimeSpan?, MacAddress?)"/>
    public void Mark(MacAddress mac, HopKind kind, in HopDetail detail, long? bytes = null, long? total = null, TimeSpan? took = null)
    {
        lock (_gate)
        {
            Add(LineOf(mac), kind, detail, bytes, total, took, mac);
        }
    }

    /// <summary>A mark for a machine.</summary>
    /// <param name="serial">The machine.</param>
    /// <param name="kind">The step.</param>
    /// <param name="detail">What exactly: a string, or what a phrase makes words of later.</param>
    /// <param name="bytes">Bytes done, where bytes flow. Marks of one step about the same thing that follow each other become one, so a download is one mark that grows.</param>
    /// <param name="total">Of how many.</param>
    /// <param name="took">How long it took so far; null: counted from the first of such marks.</param>
    /// <param name="mac">From which MAC; null where that is not known.</param>
    public void Mark(Serial serial, HopKind kind, in HopDetail detail, long? bytes = null, long? total = null, TimeSpan? took = null, MacAddress? mac = null)
    {
        lock (_gate)
        {
            Add(LineOf(serial), kind, detail, bytes, total, took, mac);
        }
    }

    /// <summary>A line that a machine sent by syslog, of which only the MAC is known.</summary>
    /// <inheritdoc cref="Log(Serial, string)"/>
    public void Log(MacAddress mac, string line)
    {
        lock (_gate)
        {
            AddLine(LineOf(mac), line, mac);
        }
    }

    /// <summary>A line that a machine sent by syslog. It is in the trace by its time, and no event: who watches machines boot has not asked for it.</summary>
    /// <param name="serial">The machine.</param>
    /// <param name="line">The line.</param>
    public void Log(Serial serial, string line)
    {
        lock (_gate)
        {
            AddLine(LineOf(serial), line, mac: null);
        }
    }

    /// <summary>A step failed for a machine.</summary>
    /// <param name="serial">The machine.</param>
    /// <param name="hop">The step, in the words of who tells.</param>
    /// <param name="reason">Why.</param>
    /// <param name="mac">From which MAC it was told; null where that is not known.</param>
    /// <returns>The problem as it was written down: cut to size, without control characters.</returns>
    public BootProblem Fail(Serial serial, string hop, string reason, MacAddress? mac = null)
    {
        var problem = new BootProblem(clock.GetUtcNow(), Clean(hop), Clean(reason));
        lock (_gate)
        {
            var line = LineOf(serial);
            Add(line, HopKind.Failed, $"{problem.Hop}: {problem.Reason}", bytes: null, total: null, took: null, mac);
            line.Problem = problem;
        }

        return problem;
    }

    /// <summary>The machine with this MAC says that its serial is this: from here on both name one trace.</summary>
    public void Link(MacAddress mac, Serial serial)
    {
        lock (_gate)
        {
            var line = LineOf(serial);
            if (_byMac.TryGetValue(mac, out var other))
            {
                if (other == line)
                {
                    return;
                }

                // What another machine did stays its own: its card moved. What a stranger did, this machine did under another name.
                if (!IsMachine(other))
                {
                    line.Hops = HopRing.Merge(other.Hops, line.Hops);
                    line.Syslog = other.Syslog is { } said ? HopRing.Merge(said, line.Syslog ?? new HopRing()) : line.Syslog;
                }

                Leave(other, mac);
            }

            if (line.Macs.Length == MaxMacs)
            {
                _byMac.Remove(line.Macs[0]);
                line.Macs = line.Macs.RemoveAt(0);
            }

            line.Macs = line.Macs.Add(mac);
            _byMac[mac] = line;
            _changes.Add(serial);
        }
    }

    /// <summary>The machine with this MAC is not, or not certainly, whom the MAC was linked to: its marks are its own from here on.</summary>
    public void Unlink(MacAddress mac)
    {
        lock (_gate)
        {
            if (_byMac.TryGetValue(mac, out var line) && line.Serial is not null)
            {
                Leave(line, mac);
                _byMac.Remove(mac);
            }
        }
    }

    /// <summary>Whose marks those of this MAC are from here on.</summary>
    /// <param name="mac">The MAC.</param>
    /// <param name="machine">The known machine that speaks from it; null: it is none, or not certainly one, and so no machine on record gets its marks.</param>
    public void Attribute(MacAddress mac, Serial? machine)
    {
        if (machine is { } serial)
        {
            Link(mac, serial);
            return;
        }

        lock (_gate)
        {
            if (_byMac.TryGetValue(mac, out var line) && IsMachine(line))
            {
                Unlink(mac);
            }
        }
    }

    /// <summary>The trace of a machine; null when nothing was seen of it.</summary>
    public MachineTrace? Find(Serial serial)
    {
        lock (_gate)
        {
            return _bySerial.GetValueOrDefault(serial)?.ToTrace();
        }
    }

    /// <summary>The trace of who has this MAC; null when nothing was seen of it.</summary>
    public MachineTrace? Find(MacAddress mac)
    {
        lock (_gate)
        {
            return _byMac.GetValueOrDefault(mac)?.ToTrace();
        }
    }

    /// <summary>How far a machine is; null when it left no mark.</summary>
    public TraceHead? Head(Serial serial)
    {
        lock (_gate)
        {
            return _bySerial.GetValueOrDefault(serial)?.ToHead();
        }
    }

    /// <summary>How far who has this MAC is; null when it left no mark.</summary>
    public TraceHead? Head(MacAddress mac)
    {
        lock (_gate)
        {
            return _byMac.GetValueOrDefault(mac)?.ToHead();
        }
    }

    /// <summary>Forgets a machine that was deleted: it is not seen any more until it boots again.</summary>
    public void Forget(Serial serial)
    {
        lock (_gate)
        {
            if (_bySerial.TryGetValue(serial, out var line))
            {
                Forget(line);
            }
        }
    }

    /// <summary>The serial that a MAC was linked to, if any.</summary>
    public Serial? SerialOf(MacAddress mac)
    {
        lock (_gate)
        {
            return _byMac.GetValueOrDefault(mac)?.Serial;
        }
    }

    /// <summary>How far one of those is that were seen booting and have no record; null where it is none of them.</summary>
    public TraceHead? Sighted(Serial serial)
    {
        lock (_gate)
        {
            return _bySerial.GetValueOrDefault(serial) is { } line && line.Node.List != _machines ? line.ToHead() : null;
        }
    }

    /// <summary>The machines whose heads may have changed since this was last asked; null: any. One may ask, again and again.</summary>
    public IReadOnlySet<Serial>? TakeChanged()
    {
        lock (_gate)
        {
            return _changes.Take();
        }
    }

    /// <summary>Notes that what is shown beside a machine's trace has changed.</summary>
    public void Touch(Serial serial)
    {
        lock (_gate)
        {
            _changes.Add(serial);
        }
    }

    /// <summary>Who was seen booting and has no record as far as the trace knows: first those with a serial, the one with the newest mark first.</summary>
    public ImmutableArray<TraceHead> Strangers()
    {
        lock (_gate)
        {
            return [.. _sighted.Reverse().Concat(_nameless.Reverse()).Select(line => line.ToHead()).OfType<TraceHead>()];
        }
    }

    /// <summary>Those that are in the middle of something, or were when they left their last mark. Holds nobody up: one machine is looked at at a time.</summary>
    public IEnumerable<TraceHead> Unfinished()
    {
        TraceLine[] lines;
        lock (_gate)
        {
            lines = [.. _machines, .. _sighted, .. _nameless];
        }

        foreach (var line in lines)
        {
            TraceHead? head;
            lock (_gate)
            {
                head = line.IsAtRest ? null : line.ToHead();
            }

            if (head is not null)
            {
                yield return head;
            }
        }
    }

    private void Add(TraceLine line, HopKind kind, in HopDetail detail, long? bytes, long? total, TimeSpan? took, MacAddress? mac)
    {
        line.Hops.Add(new HopMark(kind, clock.GetUtcNow(), detail.Bounded(), bytes, total, took) { Mac = mac });
        if (kind is HopKind.Installed or HopKind.Complete || (kind == HopKind.Config && line.Problem?.Hop is "facts" or "config"))
        {
            line.Problem = null;
        }

        MoveUp(line);
        _changes.Add(line.Serial);
        Events.Add(line.Serial, mac ?? (line.Macs.IsEmpty ? null : line.Macs[^1]), line.Hops[line.Hops.Count - 1]);
    }

    private void AddLine(TraceLine line, HopDetail text, MacAddress? mac) =>
        (line.Syslog ??= new HopRing()).Add(new HopMark(HopKind.Syslog, clock.GetUtcNow(), text.Bounded(), bytes: null, total: null, took: null) { Mac = mac });

    private TraceLine LineOf(MacAddress mac)
    {
        if (!_byMac.TryGetValue(mac, out var line))
        {
            line = new TraceLine { Macs = [mac] };
            _byMac.Add(mac, line);
            MoveUp(line);
        }

        return line;
    }

    private TraceLine LineOf(Serial serial)
    {
        if (!_bySerial.TryGetValue(serial, out var line))
        {
            line = new TraceLine { Serial = serial };
            _bySerial.Add(serial, line);
            MoveUp(line);
        }

        return line;
    }

    // To the front of the part it belongs to now: a machine gets its record while it boots.
    private void MoveUp(TraceLine line)
    {
        var (part, most) = line.Node.List == _machines || IsMachine(line) ? (_machines, maxMachines)
            : (line.Serial is null ? _nameless : _sighted, maxStrangers);
        line.Node.List?.Remove(line.Node);
        while (part.Count >= most)
        {
            var silent = part.First!.Value;
            if (part != _machines && IsMachine(silent))
            {
                MoveUp(silent);
            }
            else
            {
                Forget(silent);
            }
        }

        part.AddLast(line.Node);
    }

    private bool IsMachine(TraceLine line) => line.Serial is { } serial && (isKnown is null || isKnown(serial));

    // The former owner of a MAC keeps its own line while it has a record, or another card: else its name was for a while only.
    private void Leave(TraceLine former, MacAddress mac)
    {
        former.Macs = former.Macs.Remove(mac);
        _changes.Add(former.Serial);
        if (former.Serial is null || (former.Macs.IsEmpty && !IsMachine(former)))
        {
            Forget(former);
        }
    }

    private void Forget(TraceLine line)
    {
        foreach (var mac in line.Macs)
        {
            _byMac.Remove(mac);
        }

        if (line.Serial is { } serial)
        {
            _bySerial.Remove(serial);
            _changes.Add(serial);
        }

        line.Node.List?.Remove(line.Node);
    }

    private static string Clean(string text) => HopDetail.Printable(HopDetail.Cut(text));
}
