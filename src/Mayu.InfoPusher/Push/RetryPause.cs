namespace Mayu.InfoPusher.Push;

/// <summary>How long to wait before the next try: 1 s, 2 s, 4 s and so on up to 15 s, each a quarter more or less.</summary>
internal static class RetryPause
{
    private const double FirstSeconds = 1;
    private const double LongestSeconds = 15;
    private const double Spread = 0.25;

    /// <summary>The pause after a failed try.</summary>
    /// <param name="failures">Tries that failed so far, 1 or more.</param>
    /// <param name="chance">0 to 1: a rack that lost its server together shall not come back together.</param>
    public static TimeSpan After(int failures, double chance)
    {
        var doubled = Math.Min(LongestSeconds, FirstSeconds * Math.Pow(2, Math.Min(failures - 1, 10)));
        return TimeSpan.FromSeconds(doubled * (1 - Spread + (2 * Spread * chance)));
    }
}
