namespace Mayu.Ctl.Simulate;

/// <summary>A simulated boot came no further.</summary>
/// <param name="hop">The hop that failed.</param>
/// <param name="reason">Why, as half a sentence.</param>
/// <param name="advice">What to look at.</param>
internal sealed class SimulationFailure(string hop, string reason, string advice) : Exception(HopLog.Cut(reason))
{
    public string Hop => hop;

    public string Advice => advice;

    /// <summary>Whether nothing told it to boot from the network: firmware goes on to its own disk.</summary>
    public bool IsSilence { get; init; }
}
