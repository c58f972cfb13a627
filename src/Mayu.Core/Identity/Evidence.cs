using System.Collections.Immutable;
using Mayu.Primitives;

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

    /// <summary>Whether <see cref="Serial"/> is made of the UUID too (a template with <c>{uuid}</c>): it changes with that, and with its byte order.</summary>
    public bool SerialHasUuid { get; init; }

    /// <summary>The serial to remember in the record of a machine that is named otherwise: the rule's, or DMI's where the rule's would change with the UUID.</summary>
    public Serial? LastingSerial => SerialHasUuid ? DmiSerial : Serial ?? DmiSerial;

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
