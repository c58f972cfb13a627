namespace Mayu.InfoPusher.Push;

/// <summary>How a push ended, and what came of it.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Config">The provisioning config; empty unless accepted.</param>
/// <param name="Reason">Why it was not accepted, fit for a terminal; empty when it was.</param>
internal sealed record PushResult(PushOutcome Outcome, byte[] Config, string Reason)
{
    /// <summary>What the server calls the machine; null where it does not say.</summary>
    public string? Serial { get; init; }
}
