using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>One line of the file of leases: the newest one of an address holds.</summary>
/// <param name="Kind">What became of it.</param>
/// <param name="Address">The address.</param>
/// <param name="Client">Who has or had it; null where nobody does.</param>
/// <param name="EndsAt">When that ends, in seconds since 1970 (UTC).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LeaseRecord(LeaseRecordKind Kind, Ipv4 Address, MacAddress? Client, long EndsAt);
