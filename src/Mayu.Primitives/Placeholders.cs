using System.Collections.Frozen;

namespace Mayu.Primitives;

/// <summary>
/// What vendors leave in DMI fields that nobody filled in. The lists are never complete: what several machines say is found out by
/// comparing them.
/// </summary>
public static class Placeholders
{
    // In the DMI product serial. Compared after trimming, case-insensitively.
    private static readonly FrozenSet<string> Serials = FrozenSet.ToFrozenSet(
    [
        "0123456789", "123456789", "1234567890", "12345678", "01234567890123456789ab", "0123456789abcdef",
        "to be filled by o.e.m.", "to be filled by o.e.m", "to be filled by oem", "oem", "o.e.m.",
        "default string", "default", "string", "none", "null", "n/a", "na", "s/n", "tbd",
        "not applicable", "not specified", "not available", "not present", "not set", "not settable", "no serial", "no asset information",
        "unknown", "undefined", "unspecified", "invalid", "empty", "blank",
        "serial number", "system serial number", "sys serial number", "chassis serial number", "base board serial number",
    ], StringComparer.OrdinalIgnoreCase);

    // UUIDs that firmware has on every board of a model, in the one byte order that Uuids.Canonical chooses.
    private static readonly FrozenSet<Guid> SharedUuids = FrozenSet.ToFrozenSet(new[]
    {
        Guid.Empty,
        Guid.AllBitsSet,
        new("03000200-0400-0500-0006-000700080009"),
        new("07090201-0103-0301-0807-060504030201"),
        new("12345678-1234-5678-90ab-cddeefaabbcc"),
        new("8a95d198-7f46-11e5-bf8b-08002704d48e"),
        new("8e275844-178f-44a8-aceb-a7d7e5178c63"),
        new("fefefefe-fefe-fefe-fefe-fefefefefefe"),
    }.Select(Uuids.Canonical));

    // Whole families: VMware writes the UUID behind its name, some boards one repeated character.
    private static readonly string[] Prefixes = ["vmware"];

    /// <summary>True when a DMI product serial says nothing about the machine it stands in.</summary>
    /// <param name="dmiSerial">The text of <c>/sys/class/dmi/id/product_serial</c> or iPXE's <c>${serial}</c>.</param>
    public static bool IsPlaceholder(string? dmiSerial)
    {
        var text = dmiSerial?.Trim();
        return string.IsNullOrEmpty(text)
            || Serials.Contains(text)
            || Prefixes.Any(p => text.StartsWith(p, StringComparison.OrdinalIgnoreCase))
            || IsFiller(text);
    }

    /// <summary>True when a DMI UUID is unset (all zeros, all ones) or one that a vendor gives to every board, in either byte order.</summary>
    public static bool IsPlaceholder(Guid uuid) => SharedUuids.Contains(Uuids.Canonical(uuid));

    // "xxxx", "......", "0": one character that fills a field. A single letter or digit may be somebody's own numbering.
    private static bool IsFiller(string text) =>
        text.AsSpan().IndexOfAnyExcept(text[0]) < 0 && (text.Length > 1 || text[0] == '0' || !char.IsAsciiLetterOrDigit(text[0]));
}
