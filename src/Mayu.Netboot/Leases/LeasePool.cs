using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>
/// The addresses that are leased while machines bootstrap. A client keeps its address as long as nobody else needs it, an
/// offered address is held until it is asked for, and a full pool is an error, never an address outside it. Strangers cannot take the
/// share that is kept for known machines. Every call costs the same whatever the pool's size, and the memory is bounded by that
/// size. Not safe for several threads at once.
/// </summary>
internal sealed partial class LeasePool
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
    private readonly ILeaseLog? _log;
    private readonly ClientTable? _table;
    private readonly TimeProvider _clock;
    private readonly FreeAddresses _free;
    private readonly Dictionary<MacAddress, Lease> _byClient = [];
    private readonly Dictionary<Ipv4, Lease> _byAddress = [];
    private readonly LinkedList<Lease>[] _machines = Lists();
    private readonly LinkedList<Lease>[] _strangers = Lists();

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
        _log = log;
        _table = table;
        _clock = clock;
        _free = new FreeAddresses(rules.Range, rules.Excluded);
        Size = _free.Count;
    }

    /// <summary>How many addresses can be leased at all.</summary>
    public int Size { get; }

    /// <summary>The addresses, for messages.</summary>
    public Ipv4Range Range => _rules.Range;

    // What a known machine can have of the pool even if strangers took all that they may.
    private int KeptForMachines => Math.Min((int)((long)Size * _rules.KnownShare / 100), _known.KnownMachines);

    // What is held since somebody is said to be there counts as well, whoever was to have it: else one who declines or answers ARP for every
    // address takes the known machines' share.
    private bool StrangersMayTakeMore =>
        _strangers[(int)LeaseState.Offered].Count + _strangers[(int)LeaseState.Trial].Count + _strangers[(int)LeaseState.Bound].Count
            + _strangers[(int)LeaseState.Held].Count < Size - KeptForMachines;

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
        var hasEnded = HasEnded(lease);
        if (hasEnded || lease.State == LeaseState.Offered || lease.IsKnown != client.IsKnown)
        {
            lease.IsProbed &= !hasEnded;
            Move(lease, hasEnded ? LeaseState.Offered : lease.State, client.IsKnown);
        }

        Tabulate(lease);
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

        if (!_free.Covers(address))
        {
            return LeaseVerdict.NotOurs;
        }

        if (own is not null && !HasEnded(own))
        {
            return LeaseVerdict.HasAnother;
        }

        // What somebody else has or had is given by an offer alone, before which the wire is asked: he may use it though it ended for this server.
        if (_byAddress.ContainsKey(address))
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

        Assign(lease, client.Mac);
        return Bind(lease, client);
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

        Move(lease, LeaseState.Released, lease.IsKnown);
        _table?.Remove(address, client);
        Tell(lease, LeaseRecordKind.Released);
        return true;
    }

    /// <summary>The client says that somebody else is at its address, and is not believed: it gave it back, and the wire is to be asked.</summary>
    public void Doubt(MacAddress client, Ipv4 address)
    {
        if (TryRelease(client, address))
        {
            _byClient[client].IsProbed = false;
        }
    }

    /// <summary>Whether the client was given this address, and nobody else since.</summary>
    public bool IsOf(MacAddress client, Ipv4 address) => _byClient.TryGetValue(client, out var lease) && lease.Address == address;

    /// <summary>Nobody else was found at the address that the client was offered.</summary>
    public void SetProbed(MacAddress client, Ipv4 address)
    {
        if (_byClient.TryGetValue(client, out var lease) && lease.Address == address)
        {
            lease.IsProbed = true;
        }
    }

    // The client's lease, ended or not: what nobody took meanwhile is still its own. Not what a machine was given for good.
    private Lease? OwnLease(MacAddress client)
    {
        if (!_byClient.TryGetValue(client, out var lease))
        {
            return null;
        }

        if (!_known.IsTaken(lease.Address))
        {
            return lease;
        }

        Hold(lease, isKnown: true);
        return null;
    }

    private Lease? Allocate(in LeaseClient client, Ipv4? wish)
    {
        var mayTakeMore = client.IsKnown || StrangersMayTakeMore;
        Lease? lease = null;
        if (mayTakeMore)
        {
            lease = wish is { } wished && _free.Covers(wished) ? Take(wished) : null;
            lease ??= TakeFree(_free.PreferredBy(client.Mac)) ?? TakeAnyFree();
        }

        lease ??= TakeEnded(_strangers) ?? (mayTakeMore ? TakeEnded(_machines) : null);
        if (lease is not null)
        {
            lease.IsProbed = false;
            Assign(lease, client.Mac);
        }

        return lease;
    }

    private LeaseVerdict Bind(Lease lease, in LeaseClient client)
    {
        Move(lease, client.IsTrusted ? LeaseState.Bound : LeaseState.Trial, client.IsKnown);
        lease.IsProbed = true;
        Tabulate(lease);
        Tell(lease, client.IsTrusted ? LeaseRecordKind.Lease : LeaseRecordKind.Trial);
        return LeaseVerdict.Bound;
    }

    private Lease? Take(Ipv4 address)
    {
        if (!_byAddress.TryGetValue(address, out var lease))
        {
            return TakeFree(address);
        }

        return HasEnded(lease) && !_known.IsTaken(address) ? lease : null;
    }

    private Lease? TakeFree(Ipv4 address) => !_known.IsTaken(address) && _free.Remove(address) ? Enter(address) : null;

    private Lease? TakeAnyFree()
    {
        while (_free.TryRemoveAny(out var address))
        {
            var lease = Enter(address);
            if (!_known.IsTaken(address))
            {
                return lease;
            }

            Hold(lease, isKnown: true);
        }

        return null;
    }

    // Within a state the oldest ends first, so its head tells whether any has ended. Of what was released and of offers
    // nobody took, the longest idle go first: whose lease ran out may well come back.
    private Lease? TakeEnded(LinkedList<Lease>[] leases)
    {
        foreach (var state in LongestIdleFirst)
        {
            while (leases[(int)state].First?.Value is { } lease && TimeIsUp(lease))
            {
                if (!HasEnded(lease))
                {
                    // A stranger's short lease, but he has booted: it is a lease like others since then.
                    Place(lease, LeaseState.Bound, lease.IsKnown);
                }
                else if (_known.IsTaken(lease.Address))
                {
                    Hold(lease, isKnown: true);
                }
                else
                {
                    return lease;
                }
            }
        }

        return null;
    }

    private bool HasEnded(Lease lease) => TimeIsUp(lease)
        && (lease.State != LeaseState.Trial || _clock.GetElapsedTime(lease.Since) >= _rules.LeaseTime || !_known.HasBooted(lease.Client!.Value));

    private bool TimeIsUp(Lease lease) => lease.State == LeaseState.Released || _clock.GetElapsedTime(lease.Since) >= TimeOf(lease.State);

    private TimeSpan TimeOf(LeaseState state) => state switch
    {
        LeaseState.Offered => OfferTime,
        LeaseState.Trial => _rules.TrialTime,
        LeaseState.Bound => _rules.LeaseTime,
        LeaseState.Held => HoldTime,
        _ => TimeSpan.Zero,
    };

    private Lease Enter(Ipv4 address)
    {
        var lease = new Lease(address) { IsKnown = true };
        _byAddress.Add(address, lease);
        ListOf(lease).AddLast(lease.Node);
        return lease;
    }

    private void Assign(Lease lease, MacAddress client)
    {
        if (lease.Client is { } former)
        {
            _byClient.Remove(former);
            _table?.Remove(lease.Address, former);
        }

        if (_byClient.Remove(client, out var other) && other != lease)
        {
            _table?.Remove(other.Address, client);
            other.Client = null;
            Free(other);
        }

        lease.Client = client;
        _byClient.Add(client, lease);
    }

    private void Free(Lease lease)
    {
        if (lease.Client is { } client)
        {
            _byClient.Remove(client);
            _table?.Remove(lease.Address, client);
        }

        ListOf(lease).Remove(lease.Node);
        _byAddress.Remove(lease.Address);
        _free.Add(lease.Address);
        if (lease.State != LeaseState.Offered)
        {
            _log?.Append(new LeaseRecord(LeaseRecordKind.Free, lease.Address, Client: null, EndsAt: 0));
        }
    }

    private void Tabulate(Lease lease)
    {
        var elapsed = _clock.GetElapsedTime(lease.Since);
        var time = lease.State == LeaseState.Trial ? _rules.LeaseTime : TimeOf(lease.State);
        _table?.Lease(lease.Address, lease.Client!.Value, time - elapsed, TimeOf(lease.State) - elapsed);
    }

    private void Move(Lease lease, LeaseState state, bool isKnown)
    {
        Place(lease, state, isKnown);
        lease.Since = _clock.GetTimestamp();
    }

    private void Place(Lease lease, LeaseState state, bool isKnown)
    {
        ListOf(lease).Remove(lease.Node);
        (lease.State, lease.IsKnown) = (state, isKnown);
        ListOf(lease).AddLast(lease.Node);
    }

    private LinkedList<Lease> ListOf(Lease lease) => (lease.IsKnown ? _machines : _strangers)[(int)lease.State];

    private static LinkedList<Lease>[] Lists() => [new(), new(), new(), new(), new()];
}
