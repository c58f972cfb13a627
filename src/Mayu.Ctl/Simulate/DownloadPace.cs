namespace Mayu.Ctl.Simulate;

/// <summary>Ends a download that moves, but too slowly: a byte a second keeps a machine waiting for ever.</summary>
/// <param name="clock">Measures.</param>
/// <param name="patience">How long nothing may come; three times as long a download may be slow.</param>
internal sealed class DownloadPace(TimeProvider clock, TimeSpan patience)
{
    /// <summary>The fewest bytes a second on an average. A TFTP client that loses every tenth packet has some ten times as many.</summary>
    public const int LeastPerSecond = 1024;

    private const int Grace = 3;

    private readonly long _began = clock.GetTimestamp();

    /// <summary>Why a download is given up, as half a sentence; null while it makes progress.</summary>
    /// <param name="received">Bytes so far.</param>
    public string? WhyGiveUp(long received)
    {
        var took = clock.GetElapsedTime(_began);
        return took <= Grace * patience || received >= took.TotalSeconds * LeastPerSecond
            ? null
            : $"{received} bytes in {took.TotalSeconds:0.#} s are fewer than {LeastPerSecond} a second";
    }
}
