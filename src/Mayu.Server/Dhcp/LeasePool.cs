using Mayu.Core.Addresses;

namespace Mayu.Server.Dhcp;

/// <summary>
/// The addresses that are leased while machines bootstrap. A client keeps its address as long as nobody else needs it, an
/// offered address is held until it is asked for, and a full pool is an error, never an address outside it. Every call
/// costs the same whatever the pool's size, and the memory is bounded by that size. Not safe for several threads at once.
/// </summary>
internal sealed class LeasePool
{
    /// <summary>The largest pool, in addresses.</summary>
    public const int MaximumSize = 1 << 20;

    /// <summary>How long an offer is held: RFC 2131 clients ask within seconds, PXE firmware within 15.</summary>
    public static readonly TimeSpan OfferTime = TimeSpan.FromSeconds(60);

    /// <summary>How long an address rests that turned out to be somebody else's.</summary>
    public static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);

    private readonly Ipv4Range _range;
    private readonly TimeSpan _leaseTime;
    private readonly Func<Ipv4, bool> _isTaken;
    private readonly TimeProvider _clock;
    private readonly FreeAddresses _free;
    private readonly Dictionary<MacAddress, Lease> _byClient = [];
    private readonly Dictionary<Ipv4, Lease> _byAddress = [];
    private readonly LinkedList<Lease>[] _byState = [new(), new(), new(), new()];

    /// <summary>A pool in which nothing is leased.</summary>
    /// <param name="range">The addresses, at most <see cref="MaximumSize"/>.</param>
    /// <param name="excluded">Those of the range that are never leased: this server's, the router's.</param>
    /// <param name="leaseTime">How long a lease lasts.</param>
    /// <param name="isTaken">Whether an address is a machine's own by now.</param>
    /// <param name="clock">Monotonic time.</param>
    public LeasePool(Ipv4Range range, IEnumerable<Ipv4> excluded, TimeSpan leaseTime, Func<Ipv4, bool> isTaken, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(range.Count, MaximumSize, nameof(range));
        _range = range;
        _leaseTime = leaseTime;
        _isTaken = isTaken;
        _clock = clock;
        _free = new FreeAddresses(range, excluded);
        Size = _free.Count;
    }

    /// <summary>How many addresses can be leased at all.</summary>
    public int Size { get; }

    /// <summary>The addresses, for messages.</summary>
    public Ipv4Range Range => _range;

    /// <summary>Finds an address for a client and holds it: the one it has or had, the one it wishes, or a free one.</summary>
    /// <param name="client">The client.</param>
    /// <param name="wish">The address it would like, if any (option 50).</param>
    /// <param name="address">The address.</param>
    /// <returns>False when the pool is full.</returns>
    public bool TryOffer(MacAddress client, Ipv4? wish, out Ipv4 address)
    {
        var lease = OwnLease(client) ?? Allocate(client, wish);
        if (lease is null)
        {
            address = default;
            return false;
        }

        // A client that asks anew still has its lease; an offer that runs out must not take that from it.
        if (lease.State != LeaseState.Bound || HasEnded(lease))
        {
            Move(lease, LeaseState.Offered);
        }

        address = lease.Address;
        return true;
    }

    /// <summary>A client asks to have, or to keep, this address.</summary>
    /// <param name="client">The client.</param>
    /// <param name="address">The address.</param>
    public LeaseVerdict TryBind(MacAddress client, Ipv4 address)
    {
        var own = OwnLease(client);
        if (own?.Address == address)
        {
            Move(own, LeaseState.Bound);
            return LeaseVerdict.Bound;
        }

        if (!_free.Covers(address))
        {
            return LeaseVerdict.NotOurs;
        }

        if (own is not null && !HasEnded(own))
        {
            return LeaseVerdict.HasAnother;
        }

        // After a restart the pool knows nobody: whoever comes back with a free address of the pool keeps it.
        if (Take(address) is not { } lease)
        {
            return LeaseVerdict.Taken;
        }

        Assign(lease, client);
        Move(lease, LeaseState.Bound);
        return LeaseVerdict.Bound;
    }

    /// <summary>The client took another server's offer: ours is free again.</summary>
    public void Withdraw(MacAddress client)
    {
        if (_byClient.TryGetValue(client, out var lease) && lease.State == LeaseState.Offered)
        {
            Free(lease);
        }
    }

    /// <summary>The client gives its address back.</summary>
    /// <returns>False when it has no such lease.</returns>
    public bool TryRelease(MacAddress client, Ipv4 address)
    {
        if (!_byClient.TryGetValue(client, out var lease) || lease.Address != address)
        {
            return false;
        }

        Move(lease, LeaseState.Released);
        return true;
    }

    /// <summary>The client found somebody else at its address: nobody gets it for <see cref="HoldTime"/>.</summary>
    /// <returns>False when it has no such lease.</returns>
    public bool TryDecline(MacAddress client, Ipv4 address)
    {
        if (!_byClient.TryGetValue(client, out var lease) || lease.Address != address)
        {
            return false;
        }

        Hold(lease);
        return true;
    }

    /// <summary>Who has, or was offered, an address; null when nobody.</summary>
    public MacAddress? FindClient(Ipv4 address) => _byAddress.TryGetValue(address, out var lease) && !HasEnded(lease) ? lease.Client : null;

    // The client's lease, ended or not: what nobody took meanwhile is still its own. Not what a machine was given for good.
    private Lease? OwnLease(MacAddress client)
    {
        if (!_byClient.TryGetValue(client, out var lease))
        {
            return null;
        }

        if (!_isTaken(lease.Address))
        {
            return lease;
        }

        Hold(lease);
        return null;
    }

    private Lease? Allocate(MacAddress client, Ipv4? wish)
    {
        var lease = wish is { } wished && _free.Covers(wished) ? Take(wished) : null;
        lease ??= TakeFree(_free.PreferredBy(client)) ?? TakeAnyFree() ?? TakeEnded();
        if (lease is not null)
        {
            Assign(lease, client);
        }

        return lease;
    }

    private Lease? Take(Ipv4 address)
    {
        if (!_byAddress.TryGetValue(address, out var lease))
        {
            return TakeFree(address);
        }

        return HasEnded(lease) && !_isTaken(address) ? lease : null;
    }

    private Lease? TakeFree(Ipv4 address) => !_isTaken(address) && _free.Remove(address) ? Enter(address) : null;

    private Lease? TakeAnyFree()
    {
        while (_free.TryRemoveAny(out var address))
        {
            var lease = Enter(address);
            if (!_isTaken(address))
            {
                return lease;
            }

            Hold(lease);
        }

        return null;
    }

    // Within a state the oldest ends first, so its head tells whether any has ended. Of what was released and of offers
    // nobody took, the longest idle go first: whose lease ran out may well come back.
    private Lease? TakeEnded()
    {
        foreach (var state in (ReadOnlySpan<LeaseState>)[LeaseState.Released, LeaseState.Offered, LeaseState.Bound, LeaseState.Held])
        {
            while (_byState[(int)state].First?.Value is { } lease && HasEnded(lease))
            {
                if (!_isTaken(lease.Address))
                {
                    return lease;
                }

                Hold(lease);
            }
        }

        return null;
    }

    private bool HasEnded(Lease lease) => lease.State switch
    {
        LeaseState.Released => true,
        LeaseState.Offered => _clock.GetElapsedTime(lease.Since) >= OfferTime,
        LeaseState.Bound => _clock.GetElapsedTime(lease.Since) >= _leaseTime,
        _ => _clock.GetElapsedTime(lease.Since) >= HoldTime,
    };

    private Lease Enter(Ipv4 address)
    {
        var lease = new Lease(address);
        _byAddress.Add(address, lease);
        _byState[(int)lease.State].AddLast(lease.Node);
        return lease;
    }

    private void Assign(Lease lease, MacAddress client)
    {
        if (lease.Client is { } former)
        {
            _byClient.Remove(former);
        }

        if (_byClient.Remove(client, out var other) && other != lease)
        {
            other.Client = null;
            Free(other);
        }

        lease.Client = client;
        _byClient.Add(client, lease);
    }

    private void Hold(Lease lease)
    {
        if (lease.Client is { } client)
        {
            _byClient.Remove(client);
            lease.Client = null;
        }

        Move(lease, LeaseState.Held);
    }

    private void Free(Lease lease)
    {
        if (lease.Client is { } client)
        {
            _byClient.Remove(client);
        }

        _byState[(int)lease.State].Remove(lease.Node);
        _byAddress.Remove(lease.Address);
        _free.Add(lease.Address);
    }

    private void Move(Lease lease, LeaseState state)
    {
        _byState[(int)lease.State].Remove(lease.Node);
        lease.State = state;
        lease.Since = _clock.GetTimestamp();
        _byState[(int)state].AddLast(lease.Node);
    }
}
