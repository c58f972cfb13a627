using System.Collections.Immutable;

namespace Mayu.Server.Reload;

/// <summary>What became of a reload.</summary>
/// <param name="Changed">The keys of the configuration file that changed.</param>
/// <param name="Warnings">What machines will need and would not get, each a sentence.</param>
/// <param name="Problems">Why the previous configuration stays in effect, each a sentence; empty when it does not.</param>
internal sealed record ReloadOutcome(ImmutableArray<string> Changed, ImmutableArray<string> Warnings, ImmutableArray<string> Problems);
