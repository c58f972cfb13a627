using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>A lease of a DHCP pool as an operator sees it.</summary>
/// <param name="Address">The address.</param>
/// <param name="Client">Who has or had it; null where that is no MAC.</param>
/// <param name="State">What it is in use for; never <see cref="LeaseState.Held"/>, which is nobody's lease.</param>
/// <param name="HasEnded">Whether somebody else may have the address: its client gets it again only if nobody needed it meanwhile.</param>
/// <param name="EndsAt">When it ends or ended; null: never.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PoolLease(Ipv4 Address, MacAddress? Client, LeaseState State, bool HasEnded, DateTimeOffset? EndsAt);
