using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Primitives;

namespace Mayu.Server.Api.Events;

/// <summary>What became of a machine with one change.</summary>
/// <param name="serial">The machine.</param>
/// <param name="slot">Its place in the feed.</param>
/// <param name="version">The number of the change, of all machines.</param>
/// <param name="revision">How many changes this machine had since the feed began.</param>
/// <param name="record">Its record; null where it was only seen booting, or is gone.</param>
/// <param name="isGone">Whether it is in no list any more.</param>
internal sealed class FeedState(Serial serial, int slot, long version, long revision, Machine? record, bool isGone)
{
    private byte[]? _bytes;

    public Serial Serial => serial;

    public int Slot => slot;

    public long Version => version;

    public long Revision => revision;

    public Machine? Record => record;

    public bool IsGone => isGone;

    /// <summary>How it is sent, once somebody has made that: all readers send the same bytes.</summary>
    public byte[]? Bytes
    {
        get => Volatile.Read(ref _bytes);
        set => Volatile.Write(ref _bytes, value);
    }

    /// <summary>Whether it is there, and meant.</summary>
    public bool IsIn(Selector selector) => !isGone && (selector.IsEverything || selector.Matches(record ?? new Machine { Serial = serial, State = MachineState.Unknown }));
}
