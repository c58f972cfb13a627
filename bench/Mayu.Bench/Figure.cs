namespace Mayu.Bench;

/// <summary>One measured value.</summary>
/// <param name="Name">What it is, for machines and people: parts from large to small, <c>one at a time/median</c>.</param>
/// <param name="Unit">Its unit: <c>ms</c>, <c>1/s</c>, <c>MB</c>.</param>
/// <param name="MoreIsBetter">False for times and sizes.</param>
/// <param name="Value">The value.</param>
internal sealed record Figure(string Name, string Unit, bool MoreIsBetter, double Value);
