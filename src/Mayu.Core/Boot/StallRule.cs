using System.Collections.Immutable;

namespace Mayu.Core.Boot;

/// <summary>Which hop is to follow another one, how soon, and what is usually behind it when it does not.</summary>
/// <param name="After">The hop.</param>
/// <param name="Expected">The one that is to follow.</param>
/// <param name="Patience">How long a healthy machine may take.</param>
/// <param name="Title">What happened, for the table: <c>the boot loader was fetched</c>.</param>
/// <param name="Missing">What did not, for table and sentence: <c>never asked for its boot script</c>.</param>
/// <param name="Causes">The usual causes, the most common first.</param>
public sealed record StallRule(HopKind After, HopKind Expected, TimeSpan Patience, string Title, string Missing, ImmutableArray<string> Causes)
{
    /// <summary>Whether the rule is about this one, where the kind of the hop alone does not say it.</summary>
    internal Func<StallCase, bool> When { get; init; } = static _ => true;

    /// <summary>What it did, as the beginning of the sentence; null: the title.</summary>
    internal Func<Hop, string>? Did { get; init; }
}
