namespace Mayu.Server.Wire;

/// <summary>An engine that was opened, or why there is none.</summary>
/// <param name="Engine">The engine; null where it is external, and where there is a problem.</param>
/// <param name="Problem">Why there is none, as a sentence that says what to mend; null on success.</param>
internal readonly record struct EngineOpening(IBootEngine? Engine = null, string? Problem = null);
