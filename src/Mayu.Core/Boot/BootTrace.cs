using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;

namespace Mayu.Core.Boot;

/// <summary>
/// What every machine did while it booted: the newest marks of each, in memory. Machines that were silent longest are
/// forgotten when there are too many. Safe for use from any thread; every call is O(1) in the number of machines.
/// </summary>
/// <param name="clock">Stamps the marks.</param>
/// <param name="maxMachines">How many machines are remembered.</param>
public sealed class BootTrace(TimeProvider clock, int maxMachines = 20_000)
{
    /// <summary>How many marks of one machine are kept.</summary>
    public const int MaxHops = 64;

    private const int MaxDetail = 400;

    private readonly Lock _gate = new();
    private readonly Dictionary<MacAddress, Line> _byMac = [];
    private readonly Dictionary<Serial, Line> _bySerial = [];
    private readonly LinkedList<Line> _byActivity = new();

    /// <summary>A mark for a machine of which only the MAC is known.</summary>
    public void Mark(MacAddress mac, HopKind kind, string detail, long? bytes = null, long? total = null)
    {
        lock (_gate)
        {
            Add(LineOf(mac), kind, detail, bytes, total);
        }
    }

    /// <summary>
    /// A mark for a machine. Marks of one step with the same detail that follow each other become one, so a download
    /// is one mark that grows.
    /// </summary>
    public void Mark(Serial serial, HopKind kind, string detail, long? bytes = null, long? total = null)
    {
        lock (_gate)
        {
            Add(LineOf(serial), kind, detail, bytes, total);
        }
    }

    /// <summary>A step failed for a machine.</summary>
    /// <param name="serial">The machine.</param>
    /// <param name="hop">The step, in the words of who tells.</param>
    /// <param name="reason">Why.</param>
    /// <returns>The problem as it was written down: cut to size, without control characters.</returns>
    public BootProblem Fail(Serial serial, string hop, string reason)
    {
        var problem = new BootProblem(clock.GetUtcNow(), Bounded(hop), Bounded(reason));
        lock (_gate)
        {
            var line = LineOf(serial);
            Add(line, HopKind.Failed, $"{problem.Hop}: {problem.Reason}", bytes: null, total: null);
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
            if (_byMac.TryGetValue(mac, out var other) && other != line)
            {
                line.Hops = [.. other.Hops.Concat(line.Hops).OrderBy(hop => hop.At).TakeLast(MaxHops)];
                Forget(other, keepSerial: true);
            }

            line.Macs = line.Macs.Contains(mac) ? line.Macs : line.Macs.Add(mac);
            _byMac[mac] = line;
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

    /// <summary>Forgets a machine that was deleted: it is not seen any more until it boots again.</summary>
    public void Forget(Serial serial)
    {
        lock (_gate)
        {
            if (_bySerial.TryGetValue(serial, out var line))
            {
                Forget(line, keepSerial: false);
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

    /// <summary>All traces, the one with the newest mark first.</summary>
    public ImmutableArray<MachineTrace> All()
    {
        lock (_gate)
        {
            return [.. _byActivity.Reverse().Select(line => line.ToTrace())];
        }
    }

    private void Add(Line line, HopKind kind, string detail, long? bytes, long? total)
    {
        var hop = new Hop(kind, clock.GetUtcNow(), Bounded(detail), bytes, total);
        var last = line.Hops.Count - 1;
        if (last >= 0 && line.Hops[last].Kind == kind && line.Hops[last].Detail == hop.Detail && bytes is not null)
        {
            line.Hops[last] = hop;
        }
        else
        {
            line.Hops.Add(hop);
            if (line.Hops.Count > MaxHops)
            {
                line.Hops.RemoveAt(0);
            }
        }

        if (kind is HopKind.Installed or HopKind.Complete || (kind == HopKind.Config && line.Problem?.Hop is "facts" or "config"))
        {
            line.Problem = null;
        }

        _byActivity.Remove(line.Node);
        _byActivity.AddLast(line.Node);
    }

    private Line LineOf(MacAddress mac)
    {
        if (!_byMac.TryGetValue(mac, out var line))
        {
            line = NewLine();
            line.Macs = [mac];
            _byMac.Add(mac, line);
        }

        return line;
    }

    private Line LineOf(Serial serial)
    {
        if (!_bySerial.TryGetValue(serial, out var line))
        {
            line = NewLine();
            line.Serial = serial;
            _bySerial.Add(serial, line);
        }

        return line;
    }

    private Line NewLine()
    {
        if (_byActivity.Count >= maxMachines)
        {
            Forget(_byActivity.First!.Value, keepSerial: false);
        }

        var line = new Line();
        _byActivity.AddLast(line.Node);
        return line;
    }

    // A MAC that moved to another serial keeps its former owner's line, which is still that owner's.
    private void Forget(Line line, bool keepSerial)
    {
        foreach (var mac in line.Macs)
        {
            _byMac.Remove(mac);
        }

        line.Macs = [];
        if (line.Serial is { } serial)
        {
            if (keepSerial)
            {
                return;
            }

            _bySerial.Remove(serial);
        }

        _byActivity.Remove(line.Node);
    }

    // Details come from machines: cut to size, and with no control character that a terminal or a log would obey.
    private static string Bounded(string text)
    {
        var cut = text.Length <= MaxDetail ? text : text[..MaxDetail];
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? ' ' : c)) : cut;
    }

    private sealed class Line
    {
        public Line() => Node = new LinkedListNode<Line>(this);

        public LinkedListNode<Line> Node { get; }

        public Serial? Serial { get; set; }

        public ImmutableArray<MacAddress> Macs { get; set; } = [];

        public List<Hop> Hops { get; set; } = [];

        public BootProblem? Problem { get; set; }

        public MachineTrace ToTrace() => new(Serial, Macs, [.. Hops], Problem);
    }
}
