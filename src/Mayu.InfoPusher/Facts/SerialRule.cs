using System.Text;
using Mayu.Client.Contracts;

namespace Mayu.InfoPusher.Facts;

/// <summary>
/// What identifies a machine: its DMI serial, or where a vendor left a placeholder there its DMI UUID, or else the MAC
/// address it boots from. The server applies the same rule to the facts and has the last word.
/// </summary>
internal static class SerialRule
{
    /// <summary>Longest serial that the server accepts, in characters; it takes printable ASCII only.</summary>
    private const int MaxLength = 128;

    /// <summary>What vendors write where they mean nothing, in lower case. Each was seen on a shipped machine or virtual machine.</summary>
    private static readonly HashSet<string> Placeholders = new(StringComparer.Ordinal)
    {
        "0123456789", "123456789", "1234567890", "12345678", "01234567890123456789ab", "0123456789abcdef",
        "to be filled by o.e.m.", "to be filled by o.e.m", "to be filled by oem", "oem", "o.e.m.",
        "default string", "default", "string", "none", "null", "n/a", "na", "s/n", "tbd",
        "not applicable", "not specified", "not available", "not present", "not set", "no serial", "no asset information",
        "unknown", "undefined", "unspecified", "invalid", "empty", "blank",
        "serial number", "system serial number", "sys serial number", "chassis serial number", "base board serial number",
    };

    /// <summary>UUIDs that are unset, or that a vendor's firmware has for every board.</summary>
    private static readonly HashSet<string> SharedUuids = new(StringComparer.Ordinal)
    {
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "03000200-0400-0500-0006-000700080009",
        "00020003-0004-0005-0006-000700080009",
        "12345678-1234-5678-90ab-cddeefaabbcc",
        "fefefefe-fefe-fefe-fefe-fefefefefefe",
    };

    /// <summary>The identity of a machine, or the empty string where it has none of the three.</summary>
    /// <param name="dmi">What the firmware says.</param>
    /// <param name="bootMacAddress">MAC address of the interface it boots from, or null.</param>
    public static string Choose(DmiFacts dmi, string? bootMacAddress) =>
        FromSerial(dmi.Serial) ?? FromUuid(dmi.Uuid) ?? bootMacAddress ?? "";

    private static string? FromSerial(string? text)
    {
        var serial = text?.Trim().ToLowerInvariant() ?? "";
        var says = serial.Length is > 0 and <= MaxLength
            && Ascii.IsValid(serial)
            && !Placeholders.Contains(serial)
            && !serial.StartsWith("vmware", StringComparison.Ordinal)
            && !IsFiller(serial);
        return says ? string.Join('-', serial.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) : null;
    }

    private static string? FromUuid(string? text)
    {
        var uuid = text?.Trim().ToLowerInvariant() ?? "";
        return Guid.TryParseExact(uuid, "D", out _) && !SharedUuids.Contains(uuid) ? uuid : null;
    }

    // 0000000, xxxxxxxx, "0": one character that fills a field. A single letter or digit may be somebody's own numbering.
    private static bool IsFiller(string text) =>
        text.AsSpan().IndexOfAnyExcept(text[0]) < 0 && (text.Length > 1 || text[0] == '0' || !char.IsAsciiLetterOrDigit(text[0]));
}
