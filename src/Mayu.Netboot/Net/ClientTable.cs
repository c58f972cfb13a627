using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>
/// Which client has which address, and what TFTP has to heed with it. DHCP writes it, in whichever engine; TFTP and HTTP, which see only addresses,
/// ask it. Bounded; safe from any thread; every call is O(1).
/// </summary>
/// <param name="machines">Who went on to boot.</param>
/// <param name="clock">Ends leases.</param>
internal sealed class ClientTable(IKnownMachines machines, TimeProvider clock)
{
    /// <summary>How many clients are remembered that another program gave an address, or that have a trait; the oldest addresses are forgotten.</summary>
    public const int MaximumHeard = 65_536;

    private readonly Lock _gate = new();
    private readonly Dictionary<Ipv4, Entry> _byAddress = [];
    private readonly Dictionary<MacAddress, Ipv4> _newest = [];
    private readonly Queue<Ipv4> _heard = new();
    private readonly ConcurrentDictionary<MacAddress, int> _blockSizes = new();
    private readonly ConcurrentDictionary<MacAddress, bool> _pxelinux = new();

    /// <summary>A pool of this server gave an address to a client: pools bound how many there are.</summary>
    /// <param name="address">The address.</param>
    /// <param name="mac">The client.</param>
    /// <param name="time">For how long; null: for good.</param>
    /// <param name="trialTime">For how long unless it goes on to boot; null: that does not matter.</param>
    public void Lease(Ipv4 address, MacAddress mac, TimeSpan? time, TimeSpan? trialTime = null)
    {
        lock (_gate)
        {
            Forget(address);
            _byAddress[address] = new Entry(mac, EndOf(time), EndOf(trialTime ?? time), IsHeard: false);
            _newest[mac] = address;
        }
    }

    /// <summary>It was heard that a client has an address, which another program gave it.</summary>
    /// <param name="address">The address.</param>
    /// <param name="mac">The client.</param>
    /// <param name="time">For how long; null: nobody says.</param>
    public void Hear(Ipv4 address, MacAddress mac, TimeSpan? time)
    {
        lock (_gate)
        {
            var isQueued = Forget(address) is { IsHeard: true };
            _byAddress[address] = new Entry(mac, EndOf(time), EndOf(time), IsHeard: true);
            _newest[mac] = address;
            if (isQueued)
            {
                return;
            }

            _heard.Enqueue(address);
            if (_heard.Count > MaximumHeard && _heard.Dequeue() is var oldest && _byAddress.TryGetValue(oldest, out var former) && former.IsHeard)
            {
                Forget(oldest);
            }
        }
    }

    /// <summary>A client has an address no longer.</summary>
    public void Remove(Ipv4 address, MacAddress mac)
    {
        lock (_gate)
        {
            if (_byAddress.TryGetValue(address, out var entry) && entry.Mac == mac)
            {
                Forget(address);
            }
        }
    }

    /// <summary>The client with an address; null for one that nobody is known to have.</summary>
    public MacAddress? Find(Ipv4 address)
    {
        lock (_gate)
        {
            return _byAddress.TryGetValue(address, out var entry) && IsValid(entry) ? entry.Mac : null;
        }
    }

    /// <summary>The address that a client was given last; null where it is not known to have one.</summary>
    public Ipv4? AddressOf(MacAddress mac)
    {
        lock (_gate)
        {
            return _newest.TryGetValue(mac, out var address) && _byAddress.TryGetValue(address, out var entry) && entry.Mac == mac && IsValid(entry) ? address : null;
        }
    }

    /// <summary>A client cannot stand larger TFTP blocks. Which one it is, is seen in its DHCP packets.</summary>
    public void LimitBlockSize(MacAddress mac, int most)
    {
        if (_blockSizes.ContainsKey(mac) || _blockSizes.Count < MaximumHeard)
        {
            _blockSizes[mac] = most;
        }
    }

    /// <summary>The largest TFTP block that the client with an address is given; null: as large as the network's.</summary>
    public int? MaximumBlockSize(Ipv4 address) =>
        !_blockSizes.IsEmpty && Find(address) is { } mac && _blockSizes.TryGetValue(mac, out var most) ? most : null;

    /// <summary>A client fetched PXELINUX: the configurations in its language, which U-Boot asks for as well, are read by PXELINUX there.</summary>
    public void NotePxelinux(Ipv4 address)
    {
        if (Find(address) is { } mac && _pxelinux.Count < MaximumHeard)
        {
            _pxelinux[mac] = true;
        }
    }

    /// <summary>Whether a client fetched PXELINUX before.</summary>
    public bool HasPxelinux(MacAddress mac) => _pxelinux.ContainsKey(mac);

    private bool IsValid(in Entry entry) => clock.GetTimestamp() is var now && now < entry.End && (now < entry.TrialEnd || machines.HasBooted(entry.Mac));

    private Entry? Forget(Ipv4 address)
    {
        if (!_byAddress.Remove(address, out var entry))
        {
            return null;
        }

        if (_newest.TryGetValue(entry.Mac, out var newest) && newest == address)
        {
            _newest.Remove(entry.Mac);
        }

        return entry;
    }

    private long EndOf(TimeSpan? time) =>
        time is { } left ? clock.GetTimestamp() + (long)(left.TotalSeconds * clock.TimestampFrequency) : long.MaxValue;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(MacAddress Mac, long End, long TrialEnd, bool IsHeard);
}
