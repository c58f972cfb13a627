using System.Collections.Immutable;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Dhcp;

/// <summary>An option that the operator has clients told, as the packet carries it.</summary>
/// <param name="Code">Its number, none of those that the exchange itself needs.</param>
/// <param name="Value">Its bytes, 1 to 255.</param>
internal sealed record DhcpOptionSetting(DhcpOptionCode Code, ImmutableArray<byte> Value)
{
    /// <summary>Only for clients whose vendor class (option 60) begins with this; empty: for all.</summary>
    public ImmutableArray<byte> VendorClass { get; init; } = [];

    /// <summary>Whether it is told to clients as well that did not ask for it (option 55).</summary>
    public bool Always { get; init; }

    /// <summary>Those of a subnet before those of all, and those of one vendor before those of any: the first that fits is told.</summary>
    public static ImmutableArray<DhcpOptionSetting> InOrder(IEnumerable<DhcpOptionSetting> own, IEnumerable<DhcpOptionSetting> common) =>
        [.. own.OrderBy(option => option.VendorClass.IsEmpty), .. common.OrderBy(option => option.VendorClass.IsEmpty)];
}
