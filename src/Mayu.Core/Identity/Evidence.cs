using System.Collections.Immutable;
using Mayu.Core.Addresses;
using Mayu.Core.Machines;

namespace Mayu.Core.Identity;

/// <summary>
/// What somebody who asks says of itself, once the <see cref="IdentityRule"/> has read it: placeholders are gone. A struct, because DHCP
/// makes one for each packet.
/// </summary>
public readonly record struct Evidence
{
    /// <summary>What the rule takes for its serial; null where it says none, a placeholder, or the rule does not look at serials.</summary>
    public Serial? Serial { get; init; }

    /// <summary>Its DMI product serial whatever the rule is; null where it says none or a placeholder.</summary>
    public Serial? DmiSerial { get; init; }

    /// <summary>Its DMI UUID; null where it says none, a placeholder, or the rule does not look at UUIDs.</summary>
    public Guid? Uuid { get; init; }

    /// <summary>The interface that it boots from, or speaks from.</summary>
    public MacAddress? BootMac { get; init; }

    /// <summary>
    /// All its interfaces that tell it from others, the boot interface first, where its facts list them. Default where only
    /// <see cref="BootMac"/> is known: the others may be any.
    /// </summary>
    public ImmutableArray<MacAddress> AllMacs { get; init; }

    /// <summary>Whether all its interfaces are known.</summary>
    public bool ListsAllMacs => !AllMacs.IsDefault;

    /// <summary>Whether it says any MAC.</summary>
    public bool HasMac => BootMac is not null || !AllMacs.IsDefaultOrEmpty;
}
