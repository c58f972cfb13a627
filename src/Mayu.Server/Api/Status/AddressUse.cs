using System.Collections.Immutable;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Netboot.Leases;
using Mayu.Primitives;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api.Status;

/// <summary>Counts how many addresses of each pool are taken, without walking through the pool: it may have millions.</summary>
internal static class AddressUse
{
    /// <summary>The name of the pool that every machine has an address of.</summary>
    public const string InternalPool = "internal";

    /// <summary>The internal pool, then those of further interfaces.</summary>
    public static ImmutableArray<Contracts.AddressPool> Of(ClusterSnapshot snapshot, ClusterPlan plan) =>
        [Of(InternalPool, plan.InternalRange, snapshot, plan), .. plan.ExtraNics.Select(nic => Of(nic.Name, nic.Range, snapshot, plan))];

    /// <summary>What a pool of DHCP is called beside them.</summary>
    public static string NameOf(DhcpPoolUse pool) => $"dhcp {pool.Subnet}";

    /// <summary>A pool of DHCP.</summary>
    public static Contracts.AddressPool Of(DhcpPoolUse pool) => new()
    {
        Name = NameOf(pool),
        Start = pool.Range.Start.ToString(),
        End = pool.Range.End.ToString(),
        Size = pool.Range.Count,
        Used = pool.Leased,
        Reserved = pool.Kept,
        Excluded = pool.Excluded,
        Occupied = pool.Occupied,
        Free = pool.Free,
    };

    private static Contracts.AddressPool Of(string name, Ipv4Range pool, ClusterSnapshot snapshot, ClusterPlan plan)
    {
        var counted = new HashSet<Ipv4>();
        var excluded = Merge(plan.ExcludedRanges.Where(pool.Overlaps).Select(range => Clip(range, pool)));
        var used = Count(snapshot.Machines.SelectMany(machine => machine.Addresses));
        var reserved = Count(snapshot.Pins.Select(pin => pin.Address).OfType<Ipv4>());
        // A machine may have had its address before it was excluded: it counts as used alone.
        var byRange = excluded.Sum(range => range.Count) - counted.Count(IsExcluded);
        var taken = Count(plan.TakenAddresses.Where(address => !IsExcluded(address)));
        var occupied = Count(plan.OccupiedAddresses.Where(address => !IsExcluded(address)));
        return new Contracts.AddressPool
        {
            Name = name,
            Start = pool.Start.ToString(),
            End = pool.End.ToString(),
            Size = pool.Count,
            Used = used,
            Reserved = reserved,
            Excluded = byRange + taken,
            Occupied = occupied,
            Free = pool.Count - used - reserved - byRange - taken - occupied,
        };

        long Count(IEnumerable<Ipv4> addresses) => addresses.Count(address => pool.Contains(address) && counted.Add(address));
        bool IsExcluded(Ipv4 address) => excluded.Any(range => range.Contains(address));
    }

    private static Ipv4Range Clip(Ipv4Range range, Ipv4Range pool) =>
        new(range.Start > pool.Start ? range.Start : pool.Start, range.End < pool.End ? range.End : pool.End);

    private static List<Ipv4Range> Merge(IEnumerable<Ipv4Range> ranges)
    {
        var merged = new List<Ipv4Range>();
        foreach (var range in ranges.OrderBy(range => range.Start))
        {
            if (merged is [.., var last] && range.Start <= last.End)
            {
                merged[^1] = new Ipv4Range(last.Start, range.End > last.End ? range.End : last.End);
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged;
    }
}
