namespace Mayu.Server.EtcdDiscovery;

/// <summary>A member of an etcd cluster that is being born: a key of etcd's v2 API.</summary>
/// <param name="Name">What it calls itself: its member id, hexadecimal.</param>
/// <param name="Value">What the others need of it, <c>name=peer-URL</c>; null: it was removed.</param>
/// <param name="CreatedIndex">The change that it came with.</param>
/// <param name="ModifiedIndex">The change that it got its value with.</param>
internal sealed record DiscoveryMember(string Name, string? Value, long CreatedIndex, long ModifiedIndex);

/// <summary>A change of a token, as whoever waits for it hears of it.</summary>
/// <param name="Action">What it was, in etcd's words: <c>create</c>, <c>set</c>, <c>update</c> or <c>delete</c>.</param>
/// <param name="Member">The member afterwards.</param>
/// <param name="Previous">The member before; null: there was none.</param>
internal sealed record DiscoveryEvent(string Action, DiscoveryMember Member, DiscoveryMember? Previous)
{
    /// <summary>The number of the change.</summary>
    public long Index => Member.ModifiedIndex;
}

/// <summary>What became of a change: it was made, or refused.</summary>
/// <param name="Token">The token afterwards; where it is refused, as it is.</param>
/// <param name="Event">What waiting members hear of it; null: nothing.</param>
/// <param name="Fault">Why it is refused; null: it is made.</param>
internal sealed record DiscoveryOutcome(DiscoveryToken Token, DiscoveryEvent? Event = null, DiscoveryFault? Fault = null);

/// <summary>Why something is refused; the values are etcd's error codes.</summary>
internal enum DiscoveryFault
{
    /// <summary>There is no such token or member.</summary>
    KeyNotFound = 100,

    /// <summary>A token is no member: it has no value.</summary>
    NotAFile = 102,

    /// <summary>There is such a member already.</summary>
    NodeExists = 105,

    /// <summary>It cannot be changed: Mayu gives this token to machines, or members count on this size.</summary>
    ReadOnly = 107,

    /// <summary>The token has members, and the request did not say that they go too.</summary>
    NotEmpty = 108,

    /// <summary>The token has as many members as it may have.</summary>
    Full = 110,

    /// <summary>A value is too long, or no text.</summary>
    InvalidField = 209,

    /// <summary>What happened after this index is not known any more.</summary>
    IndexCleared = 401,

    /// <summary>Try again later.</summary>
    Busy = 300,
}
