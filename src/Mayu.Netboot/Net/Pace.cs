namespace Mayu.Netboot.Net;

/// <summary>How often each of many may do something: some times at once, and once more each interval.</summary>
/// <param name="clock">The time; a wall clock that is set does not matter.</param>
/// <param name="burst">How many times at once.</param>
/// <param name="interval">How long until once more.</param>
internal sealed class Pace<TKey>(TimeProvider clock, int burst, TimeSpan interval)
    where TKey : notnull
{
    // Who did something in the last while; who did not is forgotten.
    private const int ForgetAbove = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, TimeSpan> _paidUntil = [];
    private readonly long _started = clock.GetTimestamp();
    private int _forgetAt = ForgetAbove;

    /// <summary>Takes one time of somebody's.</summary>
    /// <returns>False where it has to wait.</returns>
    public bool TryTake(TKey who)
    {
        var now = clock.GetElapsedTime(_started);
        lock (_gate)
        {
            var paid = _paidUntil.GetValueOrDefault(who, now);
            paid = (paid > now ? paid : now) + interval;
            if (paid - now > burst * interval)
            {
                return false;
            }

            _paidUntil[who] = paid;
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
