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
        "0123456789", "123456789", "1234567890", "12345678", "01234567890123456789ab", "0123456789abcdef",
        "to be filled by o.e.m.", "to be filled by o.e.m", "to be filled by oem", "oem", "o.e.m.",
        "default string", "default", "string", "none", "null", "n/a", "na", "s/n", "tbd",
        "not applicable", "not specified", "not available", "not present", "not set", "no serial", "no asset information",
        "unknown", "undefined", "unspecified", "invalid", "empty", "blank",
        "serial number", "system serial number", "sys serial number", "chassis serial number", "base board serial number",
    ], StringComparer.OrdinalIgnoreCase);

    // UUIDs that a board vendor's firmware gives to every board it left the works with.
    private static readonly FrozenSet<Guid> SharedUuids = FrozenSet.ToFrozenSet(
    [
        Guid.Empty,
        Guid.AllBitsSet,
        new("03000200-0400-0500-0006-000700080009"),
        new("00020003-0004-0005-0006-000700080009"),
        new("12345678-1234-5678-90ab-cddeefaabbcc"),
        new("fefefefe-fefe-fefe-fefe-fefefefefefe"),
    ]);

    // Whole families: VMware writes the UUID behind its name, some boards one repeated character.
    private static readonly string[] PlaceholderPrefixes = ["vmware"];

    /// <summary>True when a DMI product serial says nothing about the machine it stands in.</summary>
    /// <param name="dmiSerial">The text of <c>/sys/class/dmi/id/product_serial</c> or iPXE's <c>${serial}</c>.</param>
    public static bool IsPlaceholder(string? dmiSerial)
    {
        var text = dmiSerial?.Trim();
        return string.IsNullOrEmpty(text)
            || Placeholders.Contains(text)
            || PlaceholderPrefixes.Any(p => text.StartsWith(p, StringComparison.OrdinalIgnoreCase))
            || IsFiller(text);
    }

    /// <summary>
    /// The serial of a machine. A DMI serial that is a placeholder or no serial at all falls back to the UUID;
    /// a UUID that is unset (all zeros or all ones) or a vendor's shared one falls back to the MAC of the boot interface.
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

        if (uuid is { } id && !SharedUuids.Contains(id))
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

    // "xxxx", "......", "0": one character that fills a field. A single letter or digit may be somebody's own numbering.
    private static bool IsFiller(string text) =>
        text.AsSpan().IndexOfAnyExcept(text[0]) < 0 && (text.Length > 1 || text[0] == '0' || !char.IsAsciiLetterOrDigit(text[0]));
}
