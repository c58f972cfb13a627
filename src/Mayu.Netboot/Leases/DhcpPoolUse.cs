using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>How the addresses of one pool are used now. Each address is counted once.</summary>
/// <param name="Subnet">Whose pool it is.</param>
/// <param name="Range">From the first to the last.</param>
internal sealed record DhcpPoolUse(Ipv4Subnet Subnet, Ipv4Range Range)
{
    /// <summary>Leased, or offered a moment ago.</summary>
    public required int Leased { get; init; }

    /// <summary>At rest, since somebody else answered there or a client declined it.</summary>
    public int Occupied { get; init; }

    /// <summary>Free, and kept for known machines.</summary>
    public int Kept { get; init; }

    /// <summary>Free for everybody.</summary>
    public required int Free { get; init; }

    /// <summary>Never leased: this server's own, the router's, reservations.</summary>
    public long Excluded => Range.Count - Leased - Occupied - Kept - Free;

    /// <summary>What an operator should know: that machines get no address; null where they do.</summary>
    public string? Alarm => (Free, Kept) switch
    {
        // Each address is a reservation, or this server's: nobody else is to get one.
        (0, 0) when Excluded == Range.Count => null,
        (0, 0) => $"alarm: the DHCP pool {Range} of {Subnet} is full, {Use}: machines get no address. {Remedy}",
        (0, _) => $"alarm: the DHCP pool {Range} of {Subnet} has no address left for unknown machines, {Use}, {Kept} reserved for known machines (dhcp.known_share). {Remedy}",
        _ => null,
    };

    private string Use => $"{Counted.Of(Leased, "address is", "addresses are")} leased, {Occupied} in use by unknown devices";

    private static string Remedy => "Widen bootstrap_range, shorten lease_time or dhcp.unknown_lease_time, or find the clients that take them: the log has each MAC";
}
