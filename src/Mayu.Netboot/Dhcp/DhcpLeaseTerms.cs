using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Netboot.Dhcp;

/// <summary>What a client is given.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Hostname">The name it is told (option 12); empty: none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DhcpLeaseTerms(Ipv4 Address, uint Seconds, byte[] Hostname);
