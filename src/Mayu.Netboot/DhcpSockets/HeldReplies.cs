using Mayu.Netboot.Dhcp;

namespace Mayu.Netboot.DhcpSockets;

/// <summary>
/// Offers that firmware must not have at once (<see cref="DhcpReply.DelayMilliseconds"/>), until their time comes. Nothing is allocated before there is
/// one. Not safe for several threads at once.
/// </summary>
/// <param name="clock">The time.</param>
internal sealed class HeldReplies(TimeProvider clock)
{
    /// <summary>How many wait at most; clients whose offers do not fit ask again.</summary>
    public const int Capacity = 1024;

    private readonly PriorityQueue<(byte[] Packet, DhcpReply Reply), long> _queue = new();

    /// <summary>How many wait.</summary>
    public int Count => _queue.Count;

    /// <summary>Keeps an offer.</summary>
    /// <returns>False where too many wait.</returns>
    public bool TryAdd(ReadOnlySpan<byte> packet, in DhcpReply reply)
    {
        if (_queue.Count == Capacity)
        {
            return false;
        }

        var due = clock.GetTimestamp() + (reply.DelayMilliseconds * clock.TimestampFrequency / 1000);
        _queue.Enqueue((packet[..reply.Length].ToArray(), reply with { DelayMilliseconds = 0 }), due);
        return true;
    }

    /// <summary>Takes an offer whose time has come, the one that should have gone first.</summary>
    /// <param name="buffer">Where it is copied to.</param>
    /// <param name="reply">Its length and destination.</param>
    public bool TryTake(Span<byte> buffer, out DhcpReply reply)
    {
        reply = default;
        if (!_queue.TryPeek(out _, out var due) || due > clock.GetTimestamp())
        {
            return false;
        }

        (var packet, reply) = _queue.Dequeue();
        packet.CopyTo(buffer);
        return true;
    }

    /// <summary>How long nothing is due, at most this long, in whole milliseconds, rounded up.</summary>
    /// <param name="most">The longest wait.</param>
    public int WaitMilliseconds(int most)
    {
        if (!_queue.TryPeek(out _, out var due))
        {
            return most;
        }

        var ticks = Math.Max(0, due - clock.GetTimestamp());
        return (int)Math.Min(most, ((ticks * 1000) + clock.TimestampFrequency - 1) / clock.TimestampFrequency);
    }
}
