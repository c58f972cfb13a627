using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>Who asks the pool for an address.</summary>
/// <param name="Mac">The client.</param>
/// <param name="IsKnown">Whether it is a known machine's interface: a part of the pool is kept for those.</param>
/// <param name="IsTrusted">Whether it gets a lease of the full length: it is known, or went on to boot after its last lease.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LeaseClient(MacAddress Mac, bool IsKnown = false, bool IsTrusted = false)
{
    /// <summary>The address that it has for good, which is not of the pool; null: none.</summary>
    public Ipv4? FixedAddress { get; init; }
}
