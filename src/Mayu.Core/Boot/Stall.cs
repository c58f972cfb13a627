using System.Collections.Immutable;

namespace Mayu.Core.Boot;

/// <summary>A machine is stuck: the hop that did not follow.</summary>
/// <param name="Since">When the last hop was, and so since when it waits.</param>
/// <param name="After">The last hop.</param>
/// <param name="Expected">What did not follow, by the name of the hop.</param>
/// <param name="Reason">The same as a sentence: <c>it fetched ipxe.efi 40 s ago and never asked for its boot script</c>.</param>
/// <param name="Causes">What is usually behind it, the most common first.</param>
public sealed record Stall(DateTimeOffset Since, HopKind After, HopKind Expected, string Reason, ImmutableArray<string> Causes);
