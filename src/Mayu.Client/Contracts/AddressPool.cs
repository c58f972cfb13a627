using System.Diagnostics.CodeAnalysis;

namespace Mayu.Client.Contracts;

/// <summary>A range that addresses are given out of. Each of its addresses is counted once.</summary>
public sealed record AddressPool
{
    /// <summary><c>internal</c>, the network interface it is for, or <c>dhcp</c> and the subnet (<c>dhcp 10.0.0.0/24</c>).</summary>
    [AllowNull]
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The first address.</summary>
    [AllowNull]
    public string Start { get; init => field = value ?? ""; } = "";

    /// <summary>The last address.</summary>
    [AllowNull]
    public string End { get; init => field = value ?? ""; } = "";

    /// <summary>How many addresses it has.</summary>
    public long Size { get; init; }

    /// <summary>Addresses that machines have; of DHCP: that are leased, or were just offered.</summary>
    public long Used { get; init; }

    /// <summary>Addresses that are kept for pinned machines to come; of DHCP: free for known machines only.</summary>
    public long Reserved { get; init; }

    /// <summary>Addresses that the configuration excludes: by itself, or as the server's, the router's or a name or time server's.</summary>
    public long Excluded { get; init; }

    /// <summary>Addresses that somebody unknown answers under on the wire.</summary>
    public long Occupied { get; init; }

    /// <summary>Addresses that the next machines can get; of DHCP: that everybody can.</summary>
    public long Free { get; init; }
}
