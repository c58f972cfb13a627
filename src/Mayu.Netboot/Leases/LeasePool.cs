using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>
/// The addresses that are leased while machines bootstrap. A client keeps its address as long as nobody else needs it, an
/// offered address is held until it is asked for, and a full pool is an error, never an address outside it. Strangers cannot take the
/// share that is kept for known machines. Every call costs the same whatever the pool's size, and the memory is bounded by that
/// size. Not safe for several threads at once.
/// </summary>
internal sealed class LeasePool
{
    /// <summary>The largest pool, in addresses.</summary>
    public const int MaximumSize = 1 << 20;

    /// <summary>How long an offer is held: RFC 2131 clients ask within seconds, PXE firmware within 15.</summary>
    public static readonly TimeSpan OfferTime = TimeSpan.FromSeconds(60);

    /// <summary>How long an address rests that turned out to be somebody else's.</summary>
    public static readonly TimeSpan HoldTime = Occupants.Memory;

    private static readonly LeaseState[] LongestIdleFirst = [LeaseState.Released, LeaseState.Offered, LeaseState.Trial, LeaseState.Bound, LeaseState.Held];

    private readonly LeaseRules _rules;
    private readonly IKnownMachines _known;
    private readonly LeaseStore _store;

    /// <summary>A pool in which nothing is leased.</summary>
    /// <param name="rules">What it is made of.</param>
    /// <param name="known">The machines.</param>
    /// <param name="log">What is told of every lease, to survive a restart; null: leases live in memory only.</param>
    /// <param name="table">What is told whose each address is; null: nothing.</param>
    /// <param name="clock">The time.</param>
    public LeasePool(LeaseRules rules, IKnownMachines known, ILeaseLog? log, ClientTable? table, TimeProvider clock)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rules.Range.Count, MaximumSize, nameof(rules));
        _rules = rules;
        _known = known;
        _store = new LeaseStore(rules, known, log, table, clock);
        Size = _store.Free.Count;
    }

    /// <summary>How many addresses can be leased at all.</summary>
    public int Size { get; }

    /// <summary>The addresses, for messages.</summary>
    public Ipv4Range Range => _rules.Range;

    // What a known machine can have of the pool even if strangers took all that they may.
    private int KeptForMachines => Math.Min((int)((long)Size * _rules.KnownShare / 100), _known.KnownMachines);

    private bool StrangersMayTakeMore => _store.Queues.OfStrangers < Size - KeptForMachines;

    /// <summary>Finds an address for a client and holds it: the one it has or had, the one it wishes, or a free one.</summary>
    /// <param name="client">The client.</param>
    /// <param name="wish">The address it would like, if any (option 50).</param>
    /// <param name="address">The address.</param>
    /// <param name="isProbed">Whether it is known that nobody else uses it.</param>
    /// <returns>False when the pool is full.</returns>
    public bool TryOffer(in LeaseClient client, Ipv4? wish, out Ipv4 address, out bool isProbed)
    {
        var lease = OwnLease(client.Mac) ?? Allocate(client, wish) ?? (client.IsKnown ? TakeHeld(client.Mac) : null);
        if (lease is null)
        {
            (address, isProbed) = (default, false);
            return false;
        }

        // A client that asks anew still has its lease; an offer that runs out must not take that from it.
        var hasEnded = _store.Queues.HasEnded(lease);
        if (hasEnded || lease.State == LeaseState.Offered || lease.IsKnown != client.IsKnown)
        {
            lease.IsProbed &= !hasEnded;
            _store.Queues.Move(lease, hasEnded ? LeaseState.Offered : lease.State, client.IsKnown);
        }

        _store.Tabulate(lease);
        (address, isProbed) = (lease.Address, lease.IsProbed);
        return true;
    }

    /// <summary>A client asks to have, or to keep, this address.</summary>
    /// <param name="client">The client.</param>
    /// <param name="address">The address.</param>
    public LeaseVerdict TryBind(in LeaseClient client, Ipv4 address)
    {
        var own = OwnLease(client.Mac);
        if (own?.Address == address)
        {
            return Bind(own, client);
        }

        if (!_store.Free.Covers(address))
        {
            return LeaseVerdict.NotOurs;
        }

        if (own is not null && !_store.Queues.HasEnded(own))
        {
            return LeaseVerdict.HasAnother;
        }

        // What somebody else has or had is given by an offer alone, before which the wire is asked: he may use it though it ended for this server.
        if (_store.Find(address) is not null)
        {
            return LeaseVerdict.Taken;
        }

        if (!client.IsKnown && !StrangersMayTakeMore)
        {
            return LeaseVerdict.Full;
        }

        // Whoever comes back with a free address of the pool keeps it: its lease was lost with the file of leases.
        if (Take(address) is not { } lease)
        {
            return LeaseVerdict.Taken;
        }

        _store.Assign(lease, client.Mac);
        return Bind(lease, client);
    }

    /// <summary>The client took another server's offer: ours is free again.</summary>
    public void Withdraw(MacAddress client)
    {
        if (_store.Find(client) is { State: LeaseState.Offered } lease)
        {
            _store.Remove(lease);
        }
    }

    /// <summary>The client gives its address back.</summary>
    /// <returns>False when it has no such lease.</returns>
    public bool TryRelease(MacAddress client, Ipv4 address)
    {
        if (_store.Find(client) is not { } lease || lease.Address != address)
        {
            return false;
        }

        _store.Release(lease);
        return true;
    }

    /// <summary>The client says that somebody else is at its address, and is not believed: it gave it back, and the wire is to be asked.</summary>
    public void ReleaseUnprobed(MacAddress client, Ipv4 address)
    {
        if (TryRelease(client, address))
        {
            _store.Find(client)!.IsProbed = false;
        }
    }

    /// <summary>Whether the client was given this address, and nobody else since.</summary>
    public bool IsOf(MacAddress client, Ipv4 address) => _store.Find(client)?.Address == address;

    /// <summary>Nobody else was found at the address that the client was offered.</summary>
    public void SetProbed(MacAddress client, Ipv4 address)
    {
        if (_store.Find(client) is { } lease && lease.Address == address)
        {
            lease.IsProbed = true;
        }
    }

    /// <summary>Somebody else was found at the client's address: nobody gets it for <see cref="HoldTime"/>.</summary>
    /// <returns>False when it has no such lease.</returns>
    public bool TryHold(MacAddress client, Ipv4 address)
    {
        if (_store.Find(client) is not { } lease || lease.Address != address)
        {
            return false;
        }

        _store.Hold(lease, isKnown: false);
        return true;
    }

    /// <summary>A held address is free again at once: who made it rest is not believed any more.</summary>
    public void EndHold(Ipv4 address)
    {
        if (_store.Find(address) is { State: LeaseState.Held } lease && !_known.IsTaken(address))
        {
            _store.Remove(lease);
        }
    }

    /// <summary>How its addresses are used now. It costs as much as there are leases that ended.</summary>
    /// <param name="subnet">The subnet that it is the pool of.</param>
    public DhcpPoolUse UseOf(Ipv4Subnet subnet)
    {
        var (machines, strangers) = (_store.Queues.InUse(isKnown: true), _store.Queues.InUse(isKnown: false));
        var held = machines.Held + strangers.Held;
        var leased = machines.Leased + strangers.Leased;
        var left = Size - leased - held;
        // Bounded by both: what is left at all, and what strangers may have beside what they have.
        var free = Math.Clamp(Size - KeptForMachines - strangers.Leased - strangers.Held, 0, left);
        return new DhcpPoolUse(subnet, Range) { Leased = leased, Occupied = held, Kept = left - free, Free = free };
    }

    /// <summary>Every lease and every offer that waits.</summary>
    public IEnumerable<PoolLease> All() => _store.All();

    /// <summary>All that outlives a restart.</summary>
    public IEnumerable<LeaseRecord> Records() => _store.Records();

    /// <summary>Takes over what was known before a restart. To be called with the records in the order of their end.</summary>
    /// <param name="record">One address.</param>
    /// <param name="isKnown">Whether its client is a known machine's interface.</param>
    /// <returns>False where it is none of this pool's, or has a newer record already.</returns>
    public bool TryRestore(in LeaseRecord record, bool isKnown) => _store.TryRestore(record, isKnown);

    // The client's lease, ended or not: what nobody took meanwhile is still its own. Not what a machine was given for good.
    private Lease? OwnLease(MacAddress client)
    {
        if (_store.Find(client) is not { } lease)
        {
            return null;
        }

        if (!_known.IsTaken(lease.Address))
        {
            return lease;
        }

        _store.Hold(lease, isKnown: true);
        return null;
    }

    private Lease? Allocate(in LeaseClient client, Ipv4? wish)
    {
        var mayTakeMore = client.IsKnown || StrangersMayTakeMore;
        Lease? lease = null;
        if (mayTakeMore)
        {
            lease = wish is { } wished && _store.Free.Covers(wished) ? Take(wished) : null;
            lease ??= TakeFree(_store.Free.PreferredBy(client.Mac)) ?? TakeAnyFree();
        }

        lease ??= TakeEnded(isKnown: false) ?? (mayTakeMore ? TakeEnded(isKnown: true) : null);
        if (lease is not null)
        {
            lease.IsProbed = false;
            _store.Assign(lease, client.Mac);
        }

        return lease;
    }

    private LeaseVerdict Bind(Lease lease, in LeaseClient client)
    {
        _store.Queues.Move(lease, client.IsTrusted ? LeaseState.Bound : LeaseState.Trial, client.IsKnown);
        lease.IsProbed = true;
        _store.Tabulate(lease);
        _store.Tell(lease, client.IsTrusted ? LeaseRecordKind.Lease : LeaseRecordKind.Trial);
        return LeaseVerdict.Bound;
    }

    private Lease? Take(Ipv4 address)
    {
        if (_store.Find(address) is not { } lease)
        {
            return TakeFree(address);
        }

        return _store.Queues.HasEnded(lease) && !_known.IsTaken(address) ? lease : null;
    }

    private Lease? TakeFree(Ipv4 address) => !_known.IsTaken(address) && _store.Free.Remove(address) ? _store.Enter(address) : null;

    private Lease? TakeAnyFree()
    {
        while (_store.Free.TryRemoveAny(out var address))
        {
            var lease = _store.Enter(address);
            if (!_known.IsTaken(address))
            {
                return lease;
            }

            _store.Hold(lease, isKnown: true);
        }

        return null;
    }

    // Within a state the oldest ends first, so its head tells whether any has ended. Of what was released and of offers
    // nobody took, the longest idle go first: whose lease ran out may well come back.
    private Lease? TakeEnded(bool isKnown)
    {
        foreach (var state in LongestIdleFirst)
        {
            while (_store.Queues.Of(state, isKnown).First?.Value is { } lease && _store.Queues.TimeIsUp(lease))
            {
                if (!_store.Queues.HasEnded(lease))
                {
                    // A stranger's short lease, but he has booted: it is a lease like others since then.
                    _store.Queues.Place(lease, LeaseState.Bound, lease.IsKnown);
                }
                else if (_known.IsTaken(lease.Address))
                {
                    _store.Hold(lease, isKnown: true);
                }
                else
                {
                    return lease;
                }
            }
        }

        return null;
    }

    // The last resort of a known machine, where nothing is left at which nobody answered: who is said to be there is more likely one that answers
    // for every address. The wire is not asked once more: he would answer again. The one that has rested longest comes first.
    private Lease? TakeHeld(MacAddress client)
    {
        for (var node = _store.Queues.Of(LeaseState.Held).First; node is not null; node = node.Next)
        {
            if (!_known.IsTaken(node.Value.Address))
            {
                var lease = node.Value;
                _store.Queues.Move(lease, LeaseState.Offered, isKnown: true);
                lease.IsProbed = true;
                _store.Assign(lease, client);
                return lease;
            }
        }

        return null;
    }
}
