using System.Buffers;

namespace Mayu.Core.Machines;

/// <summary>Host names for machines that nobody named.</summary>
public static class Hostname
{
    /// <summary>The longest DNS label, RFC 1035 §2.3.4.</summary>
    public const int MaxLength = 63;

    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>
    /// A DNS label (RFC 1123 §2.1) made of a serial: other characters become <c>-</c>, the ends are trimmed, and a
    /// serial of which nothing is left becomes <c>machine</c>.
    /// </summary>
    public static string FromSerial(Serial serial)
    {
        var label = string.Create(Math.Min(serial.Text.Length, MaxLength), serial.Text, static (span, text) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = LabelCharacters.Contains(text[i]) ? text[i] : '-';
            }
        }).Trim('-');
        return label.Length == 0 ? "machine" : label;
    }

    /// <summary>Whether the text is one DNS label in lower case.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 0 and <= MaxLength && !text.AsSpan().ContainsAnyExcept(LabelCharacters) && text[0] != '-' && text[^1] != '-';
}
