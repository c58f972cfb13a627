namespace Mayu.Server.Webhooks;

/// <summary>How long to wait before a message is sent again.</summary>
internal static class WebhookPauses
{
    /// <summary>The longest pause, and the longest that a receiver may ask for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private const int Growth = 4;
    private const double Jitter = 0.2;

    /// <summary>The pause after an attempt.</summary>
    /// <param name="first">The pause after the first one.</param>
    /// <param name="attempts">How many there were, 1 or more.</param>
    /// <param name="asked">What the receiver asked for; null: nothing.</param>
    /// <param name="chance">0 to 1: messages that failed together are not sent together.</param>
    public static TimeSpan After(TimeSpan first, int attempts, TimeSpan? asked, double chance)
    {
        var pause = first;
        for (var i = 1; i < attempts && pause < Longest; i++)
        {
            pause *= Growth;
        }

        var most = Longest / (1 + Jitter);
        pause = (pause < most ? pause : most) * (1 - Jitter + (2 * Jitter * chance));
        pause = asked > pause ? asked.Value : pause;
        return pause < Longest ? pause : Longest;
    }
}
