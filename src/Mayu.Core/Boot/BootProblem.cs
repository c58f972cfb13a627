namespace Mayu.Core.Boot;

/// <summary>What went wrong with a machine last, until it gets past that.</summary>
/// <param name="At">When.</param>
/// <param name="Hop">The step that failed.</param>
/// <param name="Reason">Why, as a sentence.</param>
public sealed record BootProblem(DateTimeOffset At, string Hop, string Reason);
