namespace Mayu.Netboot.Leases;

// What of the pool outlives a restart: everything but offers, which nobody has accepted yet.
internal sealed partial class LeasePool
{
    private static readonly TimeSpan LongestLease = TimeSpan.FromDays(1);

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

    /// <summary>Takes over what was known before a restart. To be called with the records in the order of their end.</summary>
    /// <param name="record">One address.</param>
    /// <param name="isKnown">Whether its client is a known machine's interface.</param>
    /// <returns>False where it is none of this pool's, or has a newer record already.</returns>
    public bool TryRestore(in LeaseRecord record, bool isKnown)
    {
        if (record.Kind == LeaseRecordKind.Free || !_free.Covers(record.Address) || !_free.Remove(record.Address))
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

        Place(lease, lease.Client is null ? LeaseState.Held : state, isKnown);
        // A lease ends when its client was told, even if leases are shorter by now. A clock that went wrong ends none later than any lease could,
        // and none so long ago that the clock's ticks could not say it.
        var left = DateTimeOffset.FromUnixTimeSeconds(record.EndsAt) - _clock.GetUtcNow();
        left = TimeSpan.FromTicks(Math.Clamp(left.Ticks, -LongestLease.Ticks, LongestLease.Ticks));
        lease.Since = _clock.GetTimestamp() + (long)((left - TimeOf(lease.State)).TotalSeconds * _clock.TimestampFrequency);
        lease.IsProbed = true;
        if (lease.State is LeaseState.Bound or LeaseState.Trial)
        {
            Tabulate(lease);
        }

        return true;
    }

    private void Tell(Lease lease, LeaseRecordKind kind) => _log?.Append(RecordOf(lease, kind));

    private LeaseRecord RecordOf(Lease lease, LeaseRecordKind kind)
    {
        var ends = _clock.GetUtcNow() + TimeOf(lease.State) - _clock.GetElapsedTime(lease.Since);
        return new LeaseRecord(kind, lease.Address, lease.Client, Math.Max(0, ends.ToUnixTimeSeconds()));
    }

    private static LeaseRecordKind KindOf(LeaseState state) => state switch
    {
        LeaseState.Trial => LeaseRecordKind.Trial,
        LeaseState.Released => LeaseRecordKind.Released,
        LeaseState.Held => LeaseRecordKind.Held,
        _ => LeaseRecordKind.Lease,
    };
}
