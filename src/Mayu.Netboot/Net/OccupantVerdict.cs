using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Netboot.Net;

/// <summary>What follows from somebody's being at an address.</summary>
/// <param name="Counts">Whether the address rests; false where who says so is not believed, or too much of the pool rests already.</param>
/// <param name="Freed">Addresses that rest no longer: who made them rest is not believed any more.</param>
/// <param name="News">What an operator is to be told now, as a sentence; null where nothing is new.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OccupantVerdict(bool Counts, ImmutableArray<Ipv4> Freed, string? News);
