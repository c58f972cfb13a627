using Mayu.Core.Machines;
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

    // Who changed something in the last while; who did not is forgotten.
    private const int ForgetAbove = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<Serial, TimeSpan> _paidUntil = [];
    private readonly long _started = clock.GetTimestamp();
    private int _forgetAt = ForgetAbove;

    /// <summary>For one request: whatever it asks for is decided once, however often the store asks again.</summary>
    public ReportRoom Room() => new(this);

    /// <summary>Takes one change of a machine.</summary>
    /// <returns>False where it has to wait.</returns>
    public bool TryTake(Serial serial)
    {
        var now = clock.GetElapsedTime(_started);
        lock (_gate)
        {
            var paid = _paidUntil.GetValueOrDefault(serial, now);
            paid = (paid > now ? paid : now) + Interval;
            if (paid - now > Burst * Interval)
            {
                return false;
            }

            _paidUntil[serial] = paid;
            if (_paidUntil.Count > _forgetAt)
            {
                foreach (var idle in _paidUntil.Where(entry => entry.Value <= now).Select(entry => entry.Key).ToList())
                {
                    _paidUntil.Remove(idle);
                }

                _forgetAt = Math.Max(ForgetAbove, 2 * _paidUntil.Count);
            }

            return true;
        }
    }
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
