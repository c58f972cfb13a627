namespace Mayu.InfoPusher.Tests;

/// <summary>The real clock, on which the pauses between tries take no time; a try's own time-out (30 s) stays what it is.</summary>
internal sealed class HastyClock : TimeProvider
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero && dueTime < LongestPause ? TimeSpan.FromMilliseconds(1) : dueTime, period);
}
