using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>An address that one client alone gets, inside the pool or outside it.</summary>
/// <param name="Mac">The client.</param>
/// <param name="Address">Its address, of one of the subnets.</param>
/// <param name="Hostname">The name it is told (option 12); null: none.</param>
internal sealed record DhcpReservation(MacAddress Mac, Ipv4 Address, string? Hostname);
