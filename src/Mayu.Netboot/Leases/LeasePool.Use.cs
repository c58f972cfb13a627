using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

// What monitoring is told of the pool.
internal sealed partial class LeasePool
{
    /// <summary>How its addresses are used now. It costs as much as there are leases that ended.</summary>
    /// <param name="subnet">The subnet that it is the pool of.</param>
    public DhcpPoolUse UseOf(Ipv4Subnet subnet)
    {
        var (machines, strangers) = (InUse(_machines), InUse(_strangers));
        var held = machines.Held + strangers.Held;
        var leased = machines.Leased + strangers.Leased;
        var left = Size - leased - held;
        // Bounded by both: what is left at all, and what strangers may have beside what they have.
        var free = Math.Clamp(Size - KeptForMachines - strangers.Leased - strangers.Held, 0, left);
        return new DhcpPoolUse(subnet, Range) { Leased = leased, Occupied = held, Kept = left - free, Free = free };
    }

    private (int Leased, int Held) InUse(LinkedList<Lease>[] leases)
    {
        var leased = InUse(leases[(int)LeaseState.Offered]) + InUse(leases[(int)LeaseState.Trial]) + InUse(leases[(int)LeaseState.Bound]);
        return (leased, InUse(leases[(int)LeaseState.Held]));
    }

    // Those that ended come first.
    private int InUse(LinkedList<Lease> leases)
    {
        var count = leases.Count;
        for (var node = leases.First; node is not null && TimeIsUp(node.Value); node = node.Next)
        {
            count -= HasEnded(node.Value) ? 1 : 0;
        }

        return count;
    }
}
