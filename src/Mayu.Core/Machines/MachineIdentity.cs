using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Addresses;

namespace Mayu.Core.Machines;

/// <summary>Chooses a machine's serial from what it says of itself: DMI product serial, else DMI UUID, else boot MAC.</summary>
public static class MachineIdentity
{
    // What vendors leave in the DMI product serial when nobody wrote one. Compared after trimming, case-insensitively.
    private static readonly FrozenSet<string> Placeholders = FrozenSet.ToFrozenSet(
    [
        "0", "00000000", "000000000", "0000000000", "0123456789", "123456789", "1234567890", "12345678",
        "to be filled by o.e.m.", "to be filled by o.e.m", "default string", "none", "null", "n/a", "na", "not applicable",
        "not specified", "not available", "not present", "system serial number", "serial number", "chassis serial number",
        "unknown", "invalid", "oem", "o.e.m.", "empty", "xxxxxxxx", "xxxxxxxxxx", "..................", "string", "no asset information",
    ], StringComparer.OrdinalIgnoreCase);

    // Whole families: VMware writes the UUID behind its name, some boards one repeated character.
    private static readonly string[] PlaceholderPrefixes = ["vmware"];

    // "xxxx" or "......" fills a field; "7" may be somebody's own numbering.
    private const int ShortestFiller = 4;

    /// <summary>True when a DMI product serial says nothing about the machine it stands in.</summary>
    /// <param name="dmiSerial">The text of <c>/sys/class/dmi/id/product_serial</c> or iPXE's <c>${serial}</c>.</param>
    public static bool IsPlaceholder(string? dmiSerial)
    {
        var text = dmiSerial?.Trim();
        return string.IsNullOrEmpty(text)
            || Placeholders.Contains(text)
            || PlaceholderPrefixes.Any(p => text.StartsWith(p, StringComparison.OrdinalIgnoreCase))
            || (text.Length >= ShortestFiller && text.AsSpan().IndexOfAnyExcept(text[0]) < 0);
    }

    /// <summary>
    /// The serial of a machine. A DMI serial that is a placeholder or no serial at all falls back to the UUID;
    /// a UUID of all zeros or all ones (unset in firmware) falls back to the MAC of the boot interface.
    /// </summary>
    /// <param name="dmiSerial">DMI product serial, as found.</param>
    /// <param name="uuid">DMI system UUID.</param>
    /// <param name="bootMac">MAC of the interface the machine boots from.</param>
    /// <param name="serial">The identity.</param>
    /// <param name="refusal">Why there is none, as half a sentence; null on success.</param>
    public static bool TryDetermine(string? dmiSerial, Guid? uuid, MacAddress? bootMac, out Serial serial, [NotNullWhen(false)] out string? refusal)
    {
        if (!IsPlaceholder(dmiSerial) && Serial.TryParse(dmiSerial, out serial, out _))
        {
            refusal = null;
            return true;
        }

        if (uuid is { } id && id != Guid.Empty && id != Guid.AllBitsSet)
        {
            return Serial.TryParse(id.ToString("D"), out serial, out refusal);
        }

        if (bootMac is { } mac)
        {
            return Serial.TryParse(mac.ToString(), out serial, out refusal);
        }

        serial = default;
        refusal = "there is neither a usable DMI serial, nor a UUID, nor a MAC of the boot interface";
        return false;
    }
}
