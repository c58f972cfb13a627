using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>An address of a pool, or of DHCP's, that somebody unknown uses.</summary>
public sealed record OccupiedAddress
{
    /// <summary>The address.</summary>
    [AllowNull]
    public string Address { get; init => field = value ?? ""; } = "";

    /// <summary>The MAC that answered, or that of the client that declined the address; empty where the answer came through a router.</summary>
    [AllowNull]
    public string Mac { get; init => field = value ?? ""; } = "";

    /// <summary>How it is known: <c>answers</c> (ARP), <c>ping</c>, or <c>declined</c> by the client that was given it.</summary>
    [AllowNull]
    public string How { get; init => field = value ?? ""; } = "";

    /// <summary>When somebody was found there first.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>When somebody was found there last.</summary>
    public DateTimeOffset LastSeen { get; init; }

    /// <summary>Until when nobody is given it.</summary>
    public DateTimeOffset Until { get; init; }
}
