using Microsoft.Extensions.Logging;

namespace Mayu.Netboot.Net;

/// <summary>How many lines of one kind may be logged in a second. Safe from any thread.</summary>
/// <param name="clock">The time.</param>
/// <param name="level">The level at which is told how many were left out.</param>
/// <param name="perSecond">How many.</param>
internal sealed class LogQuota(TimeProvider clock, LogLevel level, int perSecond)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private long _since = clock.GetTimestamp();
    private int _taken;
    private int _leftOut;

    /// <summary>The level at which is told how many were left out.</summary>
    public LogLevel Level => level;

    /// <summary>How many lines a second may be written.</summary>
    public int PerSecond => perSecond;

    /// <summary>Asks for one line, which is counted as left out where it may not be written.</summary>
    /// <param name="leftOut">How many were left out before and have to be told now; 0 within the second in which they were.</param>
    public bool TryTake(out int leftOut)
    {
        lock (_gate)
        {
            leftOut = 0;
            if (clock.GetElapsedTime(_since) >= Second)
            {
                (_since, _taken) = (clock.GetTimestamp(), 0);
                (leftOut, _leftOut) = (_leftOut, 0);
            }

            if (_taken < perSecond)
            {
                _taken++;
                return true;
            }

            _leftOut++;
            return false;
        }
    }

    /// <summary>Whether a line may not be written now, and then counts it as left out. Takes nothing otherwise.</summary>
    public bool Refuses()
    {
        lock (_gate)
        {
            if (_taken < perSecond || clock.GetElapsedTime(_since) >= Second)
            {
                return false;
            }

            _leftOut++;
            return true;
        }
    }

    /// <summary>How many were left out and are not told yet; the caller tells them.</summary>
    public int TakeLeftOut()
    {
        lock (_gate)
        {
            (var leftOut, _leftOut) = (_leftOut, 0);
            return leftOut;
        }
    }
}
