using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>
/// Which loader got which address from the other DHCP server, as far as it was heard: by this a file over TFTP finds its
/// machine's trace. The oldest are forgotten. Safe for use from any thread; every call is O(1).
/// </summary>
/// <param name="capacity">How many are remembered.</param>
internal sealed class SeenAddresses(int capacity = 4096)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Ipv4, MacAddress> _clients = [];
    private readonly Queue<Ipv4> _order = new();

    /// <summary>A loader said that this is its address.</summary>
    public void Remember(Ipv4 address, MacAddress mac)
    {
        lock (_gate)
        {
            if (_clients.TryAdd(address, mac))
            {
                _order.Enqueue(address);
                if (_order.Count > capacity)
                {
                    _clients.Remove(_order.Dequeue());
                }
            }
            else
            {
                _clients[address] = mac;
            }
        }
    }

    /// <summary>Who has the address; null when nobody said so.</summary>
    public MacAddress? Find(Ipv4 address)
    {
        lock (_gate)
        {
            return _clients.TryGetValue(address, out var mac) ? mac : null;
        }
    }
}
