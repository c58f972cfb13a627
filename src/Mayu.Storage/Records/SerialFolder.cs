using System.Buffers;
using System.Text;
using Mayu.Primitives;

namespace Mayu.Storage.Records;

/// <summary>
/// The folder name of a serial, and back. <c>[a-z0-9._-]</c> stand for themselves, so the first Mayu's serials stay as
/// they are; anything else, a leading dot and the first letter of a name that some system reserves (<c>con</c>) become
/// <c>%xx</c>. What would pass the 255 bytes of a file name is packed instead: <c>%z</c> and base 32 of the characters' 7 bits.
/// </summary>
internal static class SerialFolder
{
    // NAME_MAX of every common Linux file system is 255; the rest is room for suffixes.
    private const int MaxLength = 200;
    private const string PackedPrefix = "%z";
    private const string Base32Digits = "abcdefghijklmnopqrstuvwxyz234567";

    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    // Device names of Windows, where an operator may clone the repository, and our own files beside the folders.
    private static readonly string[] Reserved =
    [
        "con", "prn", "aux", "nul", "cluster.json", "pins.json", "lost+found",
        "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
        "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
    ];

    /// <summary>The folder of a serial; different for different serials.</summary>
    public static string Encode(Serial serial)
    {
        var text = serial.Text;
        var stem = text.AsSpan(0, text.IndexOf('.') is > 0 and var dot ? dot : text.Length);
        var escapeFirst = text.StartsWith('.') || Array.Exists(Reserved, r => r == text) || IsReserved(stem);
        var name = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (Plain.Contains(text[i]) && !(i == 0 && escapeFirst) && !(i == text.Length - 1 && text[i] == '.'))
            {
                name.Append(text[i]);
            }
            else
            {
                name.Append('%').Append(((int)text[i]).ToString("x2"));
            }
        }

        return name.Length <= MaxLength ? name.ToString() : Pack(text);
    }

    /// <summary>
    /// The serial of a folder. Names that <see cref="Encode"/> would write otherwise are read as well when they are a serial
    /// as they stand: operators and the first Mayu made them.
    /// </summary>
    public static bool TryDecode(string folder, out Serial serial)
    {
        var text = folder.StartsWith(PackedPrefix, StringComparison.Ordinal) ? Unpack(folder.AsSpan(PackedPrefix.Length)) : Unescape(folder);
        if (text is not null && Serial.TryParse(text, out serial, out _) && Encode(serial) == folder)
        {
            return true;
        }

        serial = default;
        return !folder.Contains('%') && Serial.TryParse(folder, out serial, out _);
    }

    private static bool IsReserved(ReadOnlySpan<char> stem)
    {
        foreach (var name in Reserved)
        {
            if (stem.SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static string? Unescape(string folder)
    {
        var text = new StringBuilder(folder.Length);
        for (var i = 0; i < folder.Length; i++)
        {
            if (folder[i] != '%')
            {
                text.Append(folder[i]);
                continue;
            }

            if (i + 2 >= folder.Length || !byte.TryParse(folder.AsSpan(i + 1, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var code))
            {
                return null;
            }

            text.Append((char)code);
            i += 2;
        }

        return text.ToString();
    }

    private static string Pack(string text)
    {
        var name = new StringBuilder(PackedPrefix);
        var (bits, count) = (0, 0);
        foreach (var character in text)
        {
            (bits, count) = ((bits << 7) | character, count + 7);
            for (; count >= 5; count -= 5)
            {
                name.Append(Base32Digits[(bits >> (count - 5)) & 31]);
            }

            bits &= (1 << count) - 1;
        }

        return (count > 0 ? name.Append(Base32Digits[(bits << (5 - count)) & 31]) : name).ToString();
    }

    private static string? Unpack(ReadOnlySpan<char> digits)
    {
        var text = new StringBuilder(digits.Length);
        var (bits, count) = (0, 0);
        foreach (var digit in digits)
        {
            var value = Base32Digits.IndexOf(digit, StringComparison.Ordinal);
            if (value < 0)
            {
                return null;
            }

            (bits, count) = ((bits << 5) | value, count + 5);
            if (count >= 7)
            {
                count -= 7;
                text.Append((char)((bits >> count) & 127));
                bits &= (1 << count) - 1;
            }
        }

        return text.ToString();
    }
}
