using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>A lease of a DHCP pool.</summary>
public sealed record Lease
{
    /// <summary>The address.</summary>
    [AllowNull]
    public string Address { get; init => field = value ?? ""; } = "";

    /// <summary>The client's MAC; empty where the client has none (InfiniBand).</summary>
    [AllowNull]
    public string Mac { get; init => field = value ?? ""; } = "";

    /// <summary>The machine that the MAC is of; null where it is not known.</summary>
    public string? Serial { get; init; }

    /// <summary>
    /// <c>leased</c>; <c>offered</c>, and not asked for yet; <c>expired</c> or <c>released</c>: its client gets the address again unless somebody
    /// else needs it.
    /// </summary>
    [AllowNull]
    public string State { get; init => field = value ?? ""; } = "";

    /// <summary>When it ends or ended; null: never.</summary>
    public DateTimeOffset? Until { get; init; }
}
