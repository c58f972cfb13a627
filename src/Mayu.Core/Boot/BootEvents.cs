using Mayu.Primitives;

namespace Mayu.Core.Boot;

/// <summary>
/// The newest events of all machines, numbered, in one ring that all watchers read at their own pace. Nothing is kept for a watcher: who
/// is slower than the ring is long is told how many events it missed. To add one is O(1), and a mark allocates nothing.
/// </summary>
/// <param name="capacity">How many events are kept.</param>
public sealed class BootEvents(int capacity = 8192)
{
    private readonly Lock _gate = new();
    private readonly Entry[] _ring = new Entry[capacity];
    private TaskCompletionSource? _waiting;
    private long _count;

    /// <summary>How many events are kept.</summary>
    public int Capacity => capacity;

    /// <summary>The number of the newest event; 0 when there was none. They are numbered from 1.</summary>
    public long Newest
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Adds an event.</summary>
    public void Add(BootEvent happened) => Add(new Entry(null, null, default, happened));

    /// <summary>The events after one, oldest first.</summary>
    /// <param name="after">The number of the last one that was read.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="missed">How many were pushed out before they could be read.</param>
    public IReadOnlyList<(long Number, BootEvent Event)> Read(long after, int most, out long missed)
    {
        lock (_gate)
        {
            var oldest = Math.Max(0, _count - _ring.Length);
            missed = Math.Max(0, oldest - after);
            var first = Math.Max(after, oldest);
            var count = (int)Math.Clamp(_count - first, 0, most);
            var events = new (long, BootEvent)[count];
            for (var i = 0; i < count; i++)
            {
                events[i] = (first + i + 1, _ring[(first + i) % _ring.Length].ToEvent());
            }

            return events;
        }
    }

    /// <summary>Ends when there is an event after this one.</summary>
    public Task WaitAsync(long after, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_count > after)
            {
                return Task.CompletedTask;
            }

            _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiting.Task.WaitAsync(cancellationToken);
        }
    }

    internal void Add(Serial? serial, MacAddress? mac, in HopMark mark) => Add(new Entry(serial, mac, mark, null));

    private void Add(in Entry entry)
    {
        lock (_gate)
        {
            _ring[_count++ % _ring.Length] = entry;
            _waiting?.TrySetResult();
            _waiting = null;
        }
    }

    private readonly record struct Entry(Serial? Serial, MacAddress? Mac, HopMark Mark, BootEvent? Other)
    {
        public BootEvent ToEvent() => Other ?? new BootEvent(BootEventKind.Hop, Mark.At, Serial, Mac) { Hop = new Hop(Mark) };
    }
}
