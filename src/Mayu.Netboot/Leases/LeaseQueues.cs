using Mayu.Netboot.Net;

namespace Mayu.Netboot.Leases;

/// <summary>
/// The leases of a pool in the order in which they end: within a state the oldest ends first. Those of known machines stand apart from those of
/// strangers. Not safe for several threads at once.
/// </summary>
/// <param name="rules">How long leases last.</param>
/// <param name="known">The machines.</param>
/// <param name="clock">The time.</param>
internal sealed class LeaseQueues(LeaseRules rules, IKnownMachines known, TimeProvider clock)
{
    private readonly LinkedList<Lease>[] _machines = Lists();
    private readonly LinkedList<Lease>[] _strangers = Lists();

    /// <summary>How many addresses strangers have, ended or not. What is held since somebody is said to be there counts as well, whoever was to have it: else
    /// one who declines or answers ARP for every address takes the known machines' share.</summary>
    public int OfStrangers => Of(LeaseState.Offered).Count + Of(LeaseState.Trial).Count + Of(LeaseState.Bound).Count + Of(LeaseState.Held).Count;

    /// <summary>The leases of a state, those that end first first.</summary>
    public LinkedList<Lease> Of(LeaseState state, bool isKnown = false) => (isKnown ? _machines : _strangers)[(int)state];

    /// <summary>Takes a lease in.</summary>
    public void Add(Lease lease) => Of(lease.State, lease.IsKnown).AddLast(lease.Node);

    /// <summary>Takes a lease out.</summary>
    public void Remove(Lease lease) => Of(lease.State, lease.IsKnown).Remove(lease.Node);

    /// <summary>Gives a lease another state, from now on.</summary>
    public void Move(Lease lease, LeaseState state, bool isKnown)
    {
        Place(lease, state, isKnown);
        lease.Since = clock.GetTimestamp();
    }

    /// <summary>Gives a lease another state, since when it was given.</summary>
    public void Place(Lease lease, LeaseState state, bool isKnown)
    {
        Remove(lease);
        (lease.State, lease.IsKnown) = (state, isKnown);
        Add(lease);
    }

    /// <summary>Whether somebody else may have the address.</summary>
    public bool HasEnded(Lease lease) => TimeIsUp(lease)
        && (lease.State != LeaseState.Trial || clock.GetElapsedTime(lease.Since) >= rules.LeaseTime || !known.HasBooted(lease.Client!.Value));

    /// <summary>Whether its state's time is over. A stranger's short lease that is over has not ended if he has booted since.</summary>
    public bool TimeIsUp(Lease lease) => lease.State == LeaseState.Released || clock.GetElapsedTime(lease.Since) >= TimeOf(lease.State);

    /// <summary>How long a state lasts.</summary>
    public TimeSpan TimeOf(LeaseState state) => state switch
    {
        LeaseState.Offered => LeasePool.OfferTime,
        LeaseState.Trial => rules.TrialTime,
        LeaseState.Bound => rules.LeaseTime,
        LeaseState.Held => LeasePool.HoldTime,
        _ => TimeSpan.Zero,
    };

    /// <summary>How many addresses are leased, and how many rest. It costs as much as there are leases that ended.</summary>
    public (int Leased, int Held) InUse(bool isKnown) => (
        InUse(Of(LeaseState.Offered, isKnown)) + InUse(Of(LeaseState.Trial, isKnown)) + InUse(Of(LeaseState.Bound, isKnown)), InUse(Of(LeaseState.Held, isKnown)));

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

    private static LinkedList<Lease>[] Lists() => [new(), new(), new(), new(), new()];
}
