using System.Collections.Immutable;

namespace Mayu.Primitives;

/// <summary>What tells the machines that <c>mayuctl simulate</c> invents from real ones: nobody waits for those, they are gone when it ends.</summary>
public static class Simulated
{
    /// <summary>How their serials begin.</summary>
    public const string SerialPrefix = "simulated-";

    /// <summary>How their MACs begin: locally administered, then M and Y.</summary>
    public static ReadOnlySpan<byte> MacPrefix => [0x02, 0x4d, 0x59];

    /// <summary>Whether somebody with this serial, or with these MACs and no others, was invented.</summary>
    public static bool Is(Serial? serial, ImmutableArray<MacAddress> macs) =>
        serial?.Text.StartsWith(SerialPrefix, StringComparison.Ordinal) == true || (!macs.IsEmpty && macs.All(IsInvented));

    private static bool IsInvented(MacAddress mac)
    {
        Span<byte> octets = stackalloc byte[6];
        mac.CopyTo(octets);
        return octets.StartsWith(MacPrefix);
    }
}
