using Mayu.Bench.Network;

namespace Mayu.Bench;

/// <summary>What a benchmark is given for one measurement.</summary>
/// <param name="Network">Where both ends live.</param>
/// <param name="Scale">How much to do.</param>
/// <param name="Folder">An empty folder on a real disk, removed afterwards.</param>
/// <param name="Mayu">The native program <c>mayu</c>.</param>
/// <param name="Mayuctl">The native program <c>mayuctl</c>.</param>
internal sealed record BenchContext(BenchNetwork Network, Scale Scale, string Folder, string Mayu, string Mayuctl);
