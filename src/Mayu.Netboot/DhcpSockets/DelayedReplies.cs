using Mayu.Netboot.Dhcp;

namespace Mayu.Netboot.DhcpSockets;

/// <summary>
/// Answers that wait until the lease they tell of is durable, in their order. The memory is made once: 1.5 MB. Not safe for
/// several threads at once.
/// </summary>
internal sealed class DelayedReplies
{
    /// <summary>How many wait at most; where the disk is slower than that, clients ask again.</summary>
    public const int Capacity = 2048;

    private const int Room = 576;

    private readonly byte[] _bytes = new byte[Capacity * Room];
    private readonly byte[]?[] _long = new byte[]?[Capacity];
    private readonly DhcpReply[] _replies = new DhcpReply[Capacity];
    private int _first;
    private int _count;

    /// <summary>Keeps an answer.</summary>
    /// <returns>False where too many wait.</returns>
    public bool TryAdd(ReadOnlySpan<byte> packet, in DhcpReply reply)
    {
        if (_count == Capacity)
        {
            return false;
        }

        var place = (_first + _count++) % Capacity;
        _replies[place] = reply;
        if (packet.Length <= Room)
        {
            packet.CopyTo(_bytes.AsSpan(place * Room));
        }
        else
        {
            // Only clients that take more (option 57) are told more, and only of many options.
            _long[place] = packet.ToArray();
        }

        return true;
    }

    /// <summary>Takes the oldest answer whose lease is durable.</summary>
    /// <param name="durable">Up to which number records are.</param>
    /// <param name="buffer">Where it is copied to.</param>
    /// <param name="reply">Its length and destination.</param>
    public bool TryTake(long durable, Span<byte> buffer, out DhcpReply reply)
    {
        reply = default;
        if (_count == 0 || _replies[_first].AfterRecord > durable)
        {
            return false;
        }

        reply = _replies[_first];
        (_long[_first] ?? _bytes.AsSpan(_first * Room, reply.Length)).CopyTo(buffer);
        _long[_first] = null;
        _first = (_first + 1) % Capacity;
        _count--;
        return true;
    }
}
