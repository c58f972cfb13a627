using System.Collections.Frozen;

namespace Mayu.Core.Identity;

/// <summary>Which network interfaces tell one machine from another.</summary>
public static class InterfaceRule
{
    // The network over USB by which a board management controller talks to its host: many vendors give it one MAC in every server.
    private static readonly FrozenSet<string> BoardControllerDrivers = FrozenSet.Create(StringComparer.Ordinal, "cdc_ether", "cdc_ncm", "cdc_eem", "rndis_host");

    /// <summary>Whether the MAC of an interface with this driver is its machine's own.</summary>
    /// <param name="driver">The kernel driver; null when nobody said.</param>
    public static bool IsOwn(string? driver) => driver is null || !BoardControllerDrivers.Contains(driver);
}
