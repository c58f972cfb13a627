using System.Collections;
using Mayu.Core.Selection;

namespace Mayu.Server.Api.Events;

/// <summary>How far one reader is. It is the feed's, which changes it under its lock; the reader keeps no machine, only a bit for each.</summary>
/// <param name="selector">The machines that it reads.</param>
internal sealed class FeedReader(Selector selector)
{
    private readonly BitArray _has = new(0);

    /// <summary>The machines that it reads.</summary>
    public Selector Selector => selector;

    /// <summary>The number of the last change that it has read.</summary>
    public long Position { get; set; }

    /// <summary>In a snapshot, the next slot; else null.</summary>
    public int? NextSlot { get; set; }

    /// <summary>The change with which the snapshot, or what was missed, is complete; null: that was told.</summary>
    public long? Target { get; set; }

    /// <summary>Why it begins with a snapshot, and has not been told so; null: it does not, or it was told.</summary>
    public string? Reason { get; set; }

    /// <summary>Whether it had read all that there was when it read last.</summary>
    public bool IsCurrent { get; set; }

    /// <summary>Whether the reader has, or may have, the machine in a slot.</summary>
    public bool Has(int slot) => slot < _has.Length && _has[slot];

    /// <summary>Notes whether it has the machine.</summary>
    public void Set(int slot, bool has)
    {
        if (slot >= _has.Length && has)
        {
            _has.Length = Math.Max(slot + 1, _has.Length * 2);
        }

        if (slot < _has.Length)
        {
            _has[slot] = has;
        }
    }

    /// <summary>It begins with a snapshot, and has nothing.</summary>
    public void Begin(string reason, long version)
    {
        _has.SetAll(false);
        (Reason, Position, NextSlot, Target) = (reason, version, 0, null);
    }

    /// <summary>It goes on, and may have any machine.</summary>
    public void Resume(long position, long version, int slots)
    {
        _has.Length = slots;
        _has.SetAll(true);
        (Position, NextSlot, Target) = (position, null, version);
    }
}
