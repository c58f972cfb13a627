using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>
/// The leases of a pool: who has which address, by client and by address. Each change is told to the file of leases and to the client table; what outlives a
/// restart is everything but offers, which nobody has accepted yet. Not safe for several threads at once.
/// </summary>
/// <param name="rules">What the pool is made of.</param>
/// <param name="known">The machines.</param>
/// <param name="log">What is told of every lease, to survive a restart; null: leases live in memory only.</param>
/// <param name="table">What is told whose each address is; null: nothing.</param>
/// <param name="clock">The time.</param>
internal sealed class LeaseStore(LeaseRules rules, IKnownMachines known, ILeaseLog? log, ClientTable? table, TimeProvider clock)
{
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(1);

    private readonly Dictionary<MacAddress, Lease> _byClient = [];
    private readonly Dictionary<Ipv4, Lease> _byAddress = [];

    /// <summary>The addresses that nobody has or had.</summary>
    public FreeAddresses Free { get; } = new(rules.Range, rules.Excluded);

    /// <summary>The leases in the order in which they end.</summary>
    public LeaseQueues Queues { get; } = new(rules, known, clock);

    /// <summary>The lease of a client, ended or not; null: none.</summary>
    public Lease? Find(MacAddress client) => _byClient.GetValueOrDefault(client);

    /// <summary>The lease of an address, ended or not; null: none.</summary>
    public Lease? Find(Ipv4 address) => _byAddress.GetValueOrDefault(address);

    /// <summary>All that outlives a restart.</summary>
    public IEnumerable<LeaseRecord> Records()
    {
        foreach (var lease in _byAddress.Values)
        {
            if (lease.State != LeaseState.Offered)
            {
                yield return RecordOf(lease, KindOf(lease.State));
            }
        }
    }

    /// <summary>Every lease and every offer that waits.</summary>
    public IEnumerable<PoolLease> All() =>
        from lease in _byAddress.Values
        let hasEnded = Queues.HasEnded(lease)
        where lease.State != LeaseState.Held && !(lease.State == LeaseState.Offered && hasEnded)
        let isProlonged = !hasEnded && Queues.TimeIsUp(lease)
        let time = isProlonged ? rules.LeaseTime : Queues.TimeOf(lease.State)
        select new PoolLease(lease.Address, lease.Client, lease.State, hasEnded, clock.GetUtcNow() + time - clock.GetElapsedTime(lease.Since));

    /// <summary>Takes over what was known before a restart. To be called with the records in the order of their end.</summary>
    /// <param name="record">One address.</param>
    /// <param name="isKnown">Whether its client is a known machine's interface.</param>
    /// <returns>False where it is none of this pool's, or has a newer record already.</returns>
    public bool TryRestore(in LeaseRecord record, bool isKnown)
    {
        if (record.Kind == LeaseRecordKind.Free || !Free.Covers(record.Address) || !Free.Remove(record.Address))
        {
            return false;
        }

        var state = record.Kind switch
        {
            LeaseRecordKind.Trial => LeaseState.Trial,
            LeaseRecordKind.Released => LeaseState.Released,
            LeaseRecordKind.Held => LeaseState.Held,
            _ => LeaseState.Bound,
        };
        var lease = Enter(record.Address);
        if (state != LeaseState.Held && record.Client is { } client)
        {
            Assign(lease, client);
        }

        Queues.Place(lease, lease.Client is null ? LeaseState.Held : state, isKnown);
        // A lease ends when its client was told, even if leases are shorter by now. A clock that went wrong ends none later than any lease could,
        // and none so long ago that the clock's ticks could not say it.
        var left = DateTimeOffset.FromUnixTimeSeconds(record.EndsAt) - clock.GetUtcNow();
        left = TimeSpan.FromTicks(Math.Clamp(left.Ticks, -LongestLease.Ticks, LongestLease.Ticks));
        lease.Since = clock.GetTimestamp() + (long)((left - Queues.TimeOf(lease.State)).TotalSeconds * clock.TimestampFrequency);
        lease.IsProbed = true;
        if (lease.State is LeaseState.Bound or LeaseState.Trial)
        {
            Tabulate(lease);
        }

        return true;
    }

    /// <summary>Has the file of leases say what became of an address.</summary>
    public void Tell(Lease lease, LeaseRecordKind kind) => log?.Append(RecordOf(lease, kind));

    private LeaseRecord RecordOf(Lease lease, LeaseRecordKind kind)
    {
        var ends = clock.GetUtcNow() + Queues.TimeOf(lease.State) - clock.GetElapsedTime(lease.Since);
        return new LeaseRecord(kind, lease.Address, lease.Client, Math.Max(0, ends.ToUnixTimeSeconds()));
    }

    private static LeaseRecordKind KindOf(LeaseState state) => state switch
    {
        LeaseState.Trial => LeaseRecordKind.Trial,
        LeaseState.Released => LeaseRecordKind.Released,
        LeaseState.Held => LeaseRecordKind.Held,
        _ => LeaseRecordKind.Lease,
    };

    /// <summary>Makes a lease of an address that is not free any more.</summary>
    public Lease Enter(Ipv4 address)
    {
        var lease = new Lease(address) { IsKnown = true };
        _byAddress.Add(address, lease);
        Queues.Add(lease);
        return lease;
    }

    /// <summary>Gives a lease to a client, who has no other one then.</summary>
    public void Assign(Lease lease, MacAddress client)
    {
        if (lease.Client is { } former)
        {
            _byClient.Remove(former);
            table?.Remove(lease.Address, former);
        }

        if (_byClient.Remove(client, out var other) && other != lease)
        {
            table?.Remove(other.Address, client);
            other.Client = null;
            Remove(other);
        }

        lease.Client = client;
        _byClient.Add(client, lease);
    }

    /// <summary>Its client gave an address back.</summary>
    public void Release(Lease lease)
    {
        Queues.Move(lease, LeaseState.Released, lease.IsKnown);
        table?.Remove(lease.Address, lease.Client!.Value);
        Tell(lease, LeaseRecordKind.Released);
    }

    /// <summary>Makes an address free.</summary>
    public void Remove(Lease lease)
    {
        if (lease.Client is { } client)
        {
            _byClient.Remove(client);
            table?.Remove(lease.Address, client);
        }

        Queues.Remove(lease);
        _byAddress.Remove(lease.Address);
        Free.Add(lease.Address);
        if (lease.State != LeaseState.Offered)
        {
            log?.Append(new LeaseRecord(LeaseRecordKind.Free, lease.Address, Client: null, EndsAt: 0));
        }
    }

    /// <summary>Has the client table say whose the address is.</summary>
    public void Tabulate(Lease lease)
    {
        var elapsed = clock.GetElapsedTime(lease.Since);
        var time = lease.State == LeaseState.Trial ? rules.LeaseTime : Queues.TimeOf(lease.State);
        table?.Lease(lease.Address, lease.Client!.Value, time - elapsed, Queues.TimeOf(lease.State) - elapsed);
    }

    /// <summary>Has an address rest.</summary>
    public void Hold(Lease lease, bool isKnown)
    {
        if (lease.Client is { } client)
        {
            _byClient.Remove(client);
            table?.Remove(lease.Address, client);
            lease.Client = null;
        }

        Queues.Move(lease, LeaseState.Held, isKnown);
        Tell(lease, LeaseRecordKind.Held);
    }
}
