using System.Diagnostics.CodeAnalysis;
using Mayu.Primitives;

namespace Mayu.Core.Machines;

/// <summary>What a machine is recognised by before it was ever seen: its serial, its DMI UUID, or one of its MACs.</summary>
public readonly record struct PinKey : IComparable<PinKey>
{
    private const string SerialPrefix = "serial:";
    private const string UuidPrefix = "uuid:";
    private const string MacPrefix = "mac:";

    private readonly string? _text;

    private PinKey(string text) => _text = text;

    /// <summary><c>serial:…</c>, <c>uuid:…</c> or <c>mac:…</c>; empty only for <c>default</c>.</summary>
    public string Text => _text ?? "";

    /// <summary>The key of a serial.</summary>
    public static PinKey Of(Serial serial) => new(SerialPrefix + serial.Text);

    /// <summary>The key of a DMI UUID.</summary>
    public static PinKey Of(Guid uuid) => new(UuidPrefix + uuid.ToString("D"));

    /// <summary>The key of a MAC.</summary>
    public static PinKey Of(MacAddress mac) => new(MacPrefix + mac);

    /// <summary>The keys that a machine can be pinned by, the strongest first.</summary>
    public static IEnumerable<PinKey> Of(Serial serial, Guid? uuid, IEnumerable<MacAddress> macs)
    {
        yield return Of(serial);
        if (uuid is { } known)
        {
            // Firmware tells a UUID in either byte order, and so does who pins it.
            yield return Of(known);
            yield return Of(Uuids.Swapped(known));
        }

        foreach (var mac in macs)
        {
            yield return Of(mac);
        }
    }

    /// <summary>Reads <c>serial:…</c>, <c>uuid:…</c>, <c>mac:…</c>, or one without its prefix: what looks like a MAC or a UUID is one.</summary>
    /// <param name="text">What an operator or a file gave.</param>
    /// <param name="key">The key, when accepted.</param>
    /// <param name="refusal">Why not, as half a sentence; null when accepted.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out PinKey key, [NotNullWhen(false)] out string? refusal)
    {
        (key, refusal) = (default, null);
        var given = text?.Trim() ?? "";
        if (Rest(given, MacPrefix) is { } macText)
        {
            return Accept(MacAddress.TryParse(macText, out var mac), Of(mac), "it is not a MAC address", out key, out refusal);
        }

        if (Rest(given, UuidPrefix) is { } uuidText)
        {
            return Accept(Guid.TryParse(uuidText, out var uuid), Of(uuid), "it is not a UUID", out key, out refusal);
        }

        var serialText = Rest(given, SerialPrefix);
        if (serialText is null && MacAddress.TryParse(given, out var bareMac))
        {
            key = Of(bareMac);
            return true;
        }

        if (serialText is null && Guid.TryParseExact(given, "D", out var bareUuid))
        {
            key = Of(bareUuid);
            return true;
        }

        if (!Serial.TryParse(serialText ?? given, out var serial, out refusal))
        {
            return false;
        }

        key = Of(serial);
        return true;
    }

    /// <summary>The serial, when the key is one.</summary>
    public bool TryGetSerial(out Serial serial)
    {
        serial = default;
        return Rest(Text, SerialPrefix) is { } text && Serial.TryParse(text, out serial, out _);
    }

    /// <summary>The MAC, when the key is one.</summary>
    public bool TryGetMac(out MacAddress mac)
    {
        mac = default;
        return Rest(Text, MacPrefix) is { } text && MacAddress.TryParse(text, out mac);
    }

    /// <summary>The UUID, when the key is one.</summary>
    public bool TryGetUuid(out Guid uuid)
    {
        uuid = default;
        return Rest(Text, UuidPrefix) is { } text && Guid.TryParse(text, out uuid);
    }

    /// <inheritdoc/>
    public int CompareTo(PinKey other) => string.CompareOrdinal(Text, other.Text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Ordinal order.</summary>
    public static bool operator <(PinKey left, PinKey right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >(PinKey left, PinKey right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator <=(PinKey left, PinKey right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order.</summary>
    public static bool operator >=(PinKey left, PinKey right) => left.CompareTo(right) >= 0;

    private static string? Rest(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? text[prefix.Length..] : null;

    private static bool Accept(bool valid, PinKey candidate, string problem, out PinKey key, [NotNullWhen(false)] out string? refusal)
    {
        key = valid ? candidate : default;
        refusal = valid ? null : problem;
        return valid;
    }
}
