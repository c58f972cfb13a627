using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Events;

/// <summary>
/// The machines of the list with the number of the last change of each, and the changes in their order, of each machine the last one alone: whoever is slow reads
/// the newest, and nobody holds up anybody (ADR 49). It looks for changes while somebody reads, and keeps nothing of a reader but how far it is.
/// </summary>
/// <remarks>Memory: some 200 bytes a machine, and how the machine is sent (3 KB commonly) while there are readers; a bit a machine and reader.</remarks>
internal sealed partial class MachineFeed(IMachineStore store, BootTrace trace, TimeProvider clock, ILogger log)
{
    /// <summary>How many machines are remembered that are gone. Whoever was away for more of them gets a snapshot.</summary>
    public const int MaxGone = 4096;

    // How many are looked at under the lock for one reader.
    private const int Portion = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // A look at ten thousand records takes some milliseconds: it has a twentieth of a core at most.
    private const int Rest = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<Serial, int> _slotOf = [];
    private readonly List<FeedState?> _slots = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<FeedState> _gone = new();
    private List<FeedState> _changes = [];
    private ClusterSnapshot _seen = ClusterSnapshot.Empty;
    private long _version;
    private long _horizon;
    private int _readers;
    private Task? _looking;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Begins to look for changes, until what is answered is disposed of.</summary>
    public IDisposable Attach()
    {
        lock (_gate)
        {
            Look();
            _readers++;
            _looking ??= LookAgainAsync();
        }

        return new Attachment(this);
    }

    /// <summary>A reader that begins now, or goes on.</summary>
    /// <param name="selector">The machines that it reads.</param>
    /// <param name="after">The number of the last change that it has; null: it has none of this start.</param>
    /// <param name="reason">Why it cannot go on where it has none.</param>
    public FeedReader Begin(Selector selector, long? after, string reason)
    {
        var reader = new FeedReader(selector);
        lock (_gate)
        {
            if (after is { } position && position <= _version)
            {
                reader.Resume(position, _version, _slots.Count);
            }
            else
            {
                reader.Begin(reason, _version);
            }
        }

        return reader;
    }

    /// <summary>What a reader reads next.</summary>
    /// <param name="reader">The reader, which is then so much further.</param>
    /// <param name="page">Takes it.</param>
    public void Read(FeedReader reader, List<FeedEvent> page)
    {
        lock (_gate)
        {
            if (reader.Position < _horizon)
            {
                reader.Begin(Contracts.MachineEvent.TooOld, _version);
            }

            if (reader.Reason is { } reason)
            {
                page.Add(new FeedEvent(FeedEventKind.Snapshot, State: null, Id: null) { Reason = reason });
                reader.Reason = null;
            }

            if (reader.NextSlot is { } slot)
            {
                ReadSlots(reader, slot, page);
            }
            else
            {
                ReadChanges(reader, page);
            }
        }
    }

    /// <summary>Ends when there is a change after this one.</summary>
    public Task WaitAsync(long after)
    {
        lock (_gate)
        {
            return _version > after ? Task.CompletedTask : _changed.Task;
        }
    }

    /// <summary>Looks for changes now.</summary>
    internal void LookNow()
    {
        lock (_gate)
        {
            Look();
        }
    }

    // By slot, not by change: however fast machines change meanwhile, each of them that stays has its turn, as it is then. What has changed is read once more afterwards.
    private void ReadSlots(FeedReader reader, int slot, List<FeedEvent> page)
    {
        var end = Math.Min(slot + Portion, _slots.Count);
        for (; slot < end; slot++)
        {
            if (_slots[slot] is { } state && state.IsIn(reader.Selector))
            {
                reader.Set(slot, has: true);
                page.Add(new FeedEvent(FeedEventKind.Upsert, state, Id: null));
            }
        }

        var isDone = slot == _slots.Count;
        reader.NextSlot = isDone ? null : slot;
        reader.Target = isDone ? _version : null;
        reader.IsCurrent = false;
    }

    private void ReadChanges(FeedReader reader, List<FeedEvent> page)
    {
        var at = IndexAfter(reader.Position);
        for (var end = Math.Min(at + Portion, _changes.Count); at < end; at++)
        {
            var state = _changes[at];
            reader.Position = state.Version;
            if (_slots[state.Slot] != state)
            {
                continue;
            }

            var isIn = state.IsIn(reader.Selector);
            if (isIn || reader.Has(state.Slot))
            {
                reader.Set(state.Slot, isIn);
                page.Add(new FeedEvent(isIn ? FeedEventKind.Upsert : FeedEventKind.Delete, state, state.Version));
            }
        }

        reader.IsCurrent = at == _changes.Count;
        reader.Position = reader.IsCurrent ? _version : reader.Position;
        if (reader.Position >= reader.Target)
        {
            reader.Target = null;
            page.Add(new FeedEvent(FeedEventKind.Synced, State: null, reader.Position));
        }
    }

    // Their numbers grow.
    private int IndexAfter(long version)
    {
        var (low, high) = (0, _changes.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _changes[middle].Version <= version ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void Look()
    {
        var (snapshot, touched, before) = (store.Current, trace.TakeChanged(), _version);
        var live = _slots.Where(state => state is { IsGone: false }).Select(state => state!);
        var changed = touched is null
            ? snapshot.Machines.Select(machine => machine.Serial).Concat(trace.Strangers().Select(head => head.Serial).OfType<Serial>()).Concat(live.Select(state => state.Serial)).Order()
            : touched.Concat(ReferenceEquals(snapshot, _seen) ? [] : ChangedRecords(snapshot, live));
        foreach (var serial in changed.Distinct().ToList())
        {
            Look(snapshot, serial);
        }

        _seen = snapshot;
        if (_version != before)
        {
            Forget();
            var signal = _changed;
            _changed = NewSignal();
            signal.SetResult();
        }
    }

    private IEnumerable<Serial> ChangedRecords(ClusterSnapshot snapshot, IEnumerable<FeedState> live) =>
        snapshot.Machines.Where(machine => !ReferenceEquals(StateOf(machine.Serial)?.Record, machine)).Select(machine => machine.Serial)
            .Concat(live.Where(state => state.Record is not null && snapshot.Find(state.Serial) is null).Select(state => state.Serial));

    private void Look(ClusterSnapshot snapshot, Serial serial)
    {
        var record = snapshot.Find(serial);
        var isThere = record is not null || trace.Sighted(serial) is not null;
        if (isThere || StateOf(serial) is { IsGone: false })
        {
            Put(serial, record, isGone: !isThere);
        }
    }

    private FeedState? StateOf(Serial serial) => _slotOf.TryGetValue(serial, out var slot) ? _slots[slot] : null;

    private void Put(Serial serial, Machine? record, bool isGone)
    {
        var former = StateOf(serial);
        var slot = former?.Slot ?? (_free.TryPop(out var free) ? free : _slots.Count);
        var state = new FeedState(serial, slot, ++_version, (former?.Revision ?? 0) + 1, record, isGone);
        if (slot == _slots.Count)
        {
            _slots.Add(state);
        }
        else
        {
            _slots[slot] = state;
        }

        _slotOf[serial] = slot;
        _changes.Add(state);
        if (isGone)
        {
            _gone.Enqueue(state);
        }
    }

    // What a later change of the same machine has made void; and those that are gone, where they are too many.
    private void Forget()
    {
        while (_gone.Count > MaxGone || (_gone.TryPeek(out var first) && _slots[first.Slot] != first))
        {
            var gone = _gone.Dequeue();
            if (_slots[gone.Slot] == gone)
            {
                _slots[gone.Slot] = null;
                _slotOf.Remove(gone.Serial);
                _free.Push(gone.Slot);
                _horizon = gone.Version;
            }
        }

        if (_changes.Count > (2 * _slotOf.Count) + Portion)
        {
            _changes = _changes.FindAll(state => _slots[state.Slot] == state);
        }
    }

    // Ends when there is no reader any more, a moment after the last one has gone.
    private async Task LookAgainAsync()
    {
        var took = TimeSpan.Zero;
        while (true)
        {
            await Task.Delay(took * Rest > Pause ? took * Rest : Pause, clock);
            lock (_gate)
            {
                if (_readers == 0)
                {
                    _looking = null;
                    return;
                }
            }

            try
            {
                var begun = clock.GetTimestamp();
                LookNow();
                took = clock.GetElapsedTime(begun);
            }
            catch (Exception e)
            {
                // A defect here must not end what every reader waits for.
                LogFailure(log, e);
            }
        }
    }

    private void Detach()
    {
        lock (_gate)
        {
            if (--_readers > 0)
            {
                return;
            }

            foreach (var state in _slots)
            {
                state?.Bytes = null;
            }

            _changes = _changes.FindAll(state => _slots[state.Slot] == state);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for changes of machines failed; it is tried again")]
    private static partial void LogFailure(ILogger log, Exception exception);

    private sealed class Attachment(MachineFeed feed) : IDisposable
    {
        private MachineFeed? _feed = feed;

        public void Dispose() => Interlocked.Exchange(ref _feed, null)?.Detach();
    }
}
