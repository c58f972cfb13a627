namespace Mayu.Server.EtcdDiscovery;

/// <summary>A token as it is now, and those who wait for its next change.</summary>
/// <param name="token">The token at first.</param>
internal sealed class WatchedToken(DiscoveryToken token)
{
    /// <summary>How many may wait at a time; etcd has one request waiting for each member.</summary>
    public const int MostWaiting = 128;

    private volatile Moment _moment = new(token, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    private volatile bool _hasEnded;
    private int _waiting;

    /// <summary>The token as it is now.</summary>
    public DiscoveryToken Current => _moment.Token;

    /// <summary>Waits for a change.</summary>
    /// <param name="member">Of this member; null: of any.</param>
    /// <param name="index">The number of the change, or of an earlier one.</param>
    /// <param name="patience">How long.</param>
    /// <param name="clock">Tells the time.</param>
    /// <param name="cancellationToken">Ends it sooner, as if the time were over.</param>
    /// <returns>The change; null: none came, or the token is gone.</returns>
    public async Task<DiscoveryEvent?> WaitAsync(string? member, long index, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var (seen, next) = _moment;
            if (seen.EventFrom(member, index) is { } change)
            {
                return change;
            }

            var left = patience - clock.GetElapsedTime(began);
            if (_hasEnded || left <= TimeSpan.Zero)
            {
                return null;
            }

            try
            {
                await next.Task.WaitAsync(left, clock, cancellationToken);
            }
            catch (Exception e) when (e is TimeoutException or OperationCanceledException)
            {
                return null;
            }
        }
    }

    /// <summary>Takes one of the places of those who wait.</summary>
    /// <returns>False: all are taken.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _waiting) <= MostWaiting)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>Gives the place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _waiting);

    /// <summary>Puts the next state in the place of this one, and tells whoever waits.</summary>
    internal void Set(DiscoveryToken next)
    {
        var former = _moment;
        _moment = new Moment(next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        former.Next.SetResult();
    }

    /// <summary>The token is gone: nobody waits any more.</summary>
    internal void End()
    {
        _hasEnded = true;
        Set(Current);
    }

    private sealed record Moment(DiscoveryToken Token, TaskCompletionSource Next);
}
