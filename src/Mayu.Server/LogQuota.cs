namespace Mayu.Server;

/// <summary>How many lines a second may be logged about packets: a rack gets its lines, a storm or a forger does not fill the disk with them. Safe from any thread.</summary>
/// <param name="clock">The time.</param>
/// <param name="perSecond">How many.</param>
internal sealed class LogQuota(TimeProvider clock, int perSecond)
{
    private readonly Lock _gate = new();
    private long _since = clock.GetTimestamp();
    private int _taken;

    /// <summary>Asks for one line.</summary>
    /// <param name="leftOut">How many were refused in the second that ended with this call.</param>
    public bool TryTake(out int leftOut)
    {
        lock (_gate)
        {
            return TryTakeOne(out leftOut);
        }
    }

    private bool TryTakeOne(out int leftOut)
    {
        leftOut = 0;
        if (clock.GetElapsedTime(_since) >= TimeSpan.FromSeconds(1))
        {
            leftOut = Math.Max(0, _taken - perSecond);
            (_since, _taken) = (clock.GetTimestamp(), 0);
        }

        return ++_taken <= perSecond;
    }
}
