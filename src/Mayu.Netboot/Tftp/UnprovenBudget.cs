namespace Mayu.Netboot.Tftp;

/// <summary>
/// What windows for clients that nobody knows to be there may weigh together. An ACK 0 can be sent blindly, in anybody's name: what
/// it draws is an attack on that name, and for an address that does not answer ARP it fills the socket's buffer for seconds,
/// which stops everybody. What was taken comes back when the client proves that it is there, and by itself with time, since a
/// made-up client never says that it is gone. Used by the listener's thread alone.
/// </summary>
/// <param name="clock">Lets it grow again.</param>
internal sealed class UnprovenBudget(TimeProvider clock)
{
    /// <summary>Bytes at once, and bytes that come back in a second.</summary>
    /// <value>
    /// 1 MiB: eleven windows of 64 blocks of 1428 bytes on their way at the same moment. In the three seconds for which the kernel
    /// keeps what waits for an answer to ARP these are 4 MiB, half of what a port asks for as its buffer.
    /// </value>
    public const int Capacity = 1 << 20;

    private long _room = Capacity;
    private long _at = clock.GetTimestamp();

    /// <summary>Takes so many bytes, if there are as many.</summary>
    public bool TryTake(int bytes)
    {
        var now = clock.GetTimestamp();
        var grown = (long)(clock.GetElapsedTime(_at, now).TotalSeconds * Capacity);
        if (grown > 0)
        {
            _room = Math.Min(Capacity, _room + grown);
            _at = now;
        }

        if (bytes > _room)
        {
            return false;
        }

        _room -= bytes;
        return true;
    }

    /// <summary>They went to somebody who is there.</summary>
    public void GiveBack(int bytes) => _room = Math.Min(Capacity, _room + bytes);
}
