using Mayu.Linux.Sockets;
using Mayu.Primitives;

namespace Mayu.Netboot.Tftp;

/// <summary>
/// The addresses of the segment whose MAC the kernel does not know, and to which something was sent all the same. Each such address has an entry in
/// the kernel's neighbour table until three questions of ARP were in vain; where that table is full, nobody is sent anything any more. So no
/// more of them have an answer than a part of that table. A client that is there has asked for this server's MAC, and is known by
/// that. Used by the listener's thread alone; nothing is allocated after the first.
/// </summary>
/// <param name="most">How many may be waited for at once.</param>
/// <param name="isResolved">Whether the kernel knows the way to a client, or does not have to ask for it.</param>
/// <param name="clock">The time.</param>
internal sealed class UnresolvedClients(int most, Func<SocketName, bool> isResolved, TimeProvider clock)
{
    /// <summary>How long an address counts after something was sent there.</summary>
    /// <value>10 seconds: the kernel asks for 3 (neigh/default/mcast_solicit and retrans_time_ms), and makes room of what is 5 seconds old.</value>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SweepPause = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<Ipv4, long> _sentAt = new(most);
    private long _sweptAt;

    /// <summary>Whether the kernel knows the way to a client, or does not have to ask for it.</summary>
    public bool IsResolved(SocketName client) => isResolved(client);

    /// <summary>Something is to be sent to a client.</summary>
    /// <returns>False where the kernel would have to ask for its MAC, as for too many others lately.</returns>
    public bool MaySendTo(SocketName client)
    {
        if (isResolved(client))
        {
            return true;
        }

        var now = clock.GetTimestamp();
        if (_sentAt.Count >= most && !_sentAt.ContainsKey(client.Address))
        {
            Sweep(now);
            if (_sentAt.Count >= most)
            {
                return false;
            }
        }

        _sentAt[client.Address] = now;
        return true;
    }

    private void Sweep(long now)
    {
        if (clock.GetElapsedTime(_sweptAt, now) < SweepPause)
        {
            return;
        }

        _sweptAt = now;
        foreach (var (address, at) in _sentAt)
        {
            if (clock.GetElapsedTime(at, now) >= Memory)
            {
                // Of a dictionary that is walked through entries may be taken, but not added (.NET Core 3.0 and later).
                _sentAt.Remove(address);
            }
        }
    }
}
