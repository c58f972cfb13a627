using Mayu.Core.Machines;
using Mayu.Netboot.Net;
using Mayu.Primitives;

namespace Mayu.Server.Decisions;

/// <summary>
/// How often a machine may have written down what it says of itself: <see cref="Burst"/> times at once, and once more each
/// <see cref="Interval"/>. What changes its state is always written. Reports are not signed: without a pace whoever is on the boot
/// network fills history and disk with versions and facts that differ each time.
/// </summary>
/// <param name="clock">The time; a wall clock that is set does not matter.</param>
internal sealed class ReportPace(TimeProvider clock)
{
    /// <summary>How many changes are taken at once.</summary>
    public const int Burst = 4;

    /// <summary>How long until one more is taken.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly Pace<Serial> _pace = new(clock, Burst, Interval);

    /// <summary>For one request: whatever it asks for is decided once, however often the store asks again.</summary>
    public ReportRoom Room() => new(this);

    /// <summary>Takes one change of a machine.</summary>
    /// <returns>False where it has to wait.</returns>
    public bool TryTake(Serial serial) => _pace.TryTake(serial);
}

/// <summary>The pace as one request meets it.</summary>
internal sealed class ReportRoom(ReportPace pace)
{
    private bool? _isTaken;

    /// <summary>Whether what was reported is not written down, for it came too soon after others.</summary>
    public bool HeldBack { get; private set; }

    /// <summary>The proposal; or nothing, in place of a report that comes too soon. For the store's writer: one call at a time.</summary>
    /// <param name="snapshot">The cluster that it was decided on.</param>
    /// <param name="proposal">What was decided.</param>
    public Proposal Limit(ClusterSnapshot snapshot, Proposal proposal)
    {
        if (proposal is not Proposal.Put { IsReport: true, Machine.Serial: var serial })
        {
            HeldBack = false;
            return proposal;
        }

        _isTaken ??= pace.TryTake(serial);
        HeldBack = _isTaken == false;
        return HeldBack ? new Proposal.Nothing(snapshot.Find(serial)) : proposal;
    }
}
