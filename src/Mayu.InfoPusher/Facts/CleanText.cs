using System.Text;
using Mayu.Client.Text;

namespace Mayu.InfoPusher.Facts;

/// <summary>
/// Text that firmware, disks and servers say, made fit for JSON and for a terminal: vendors leave control characters,
/// bytes that are no UTF-8, and rows of spaces in their tables.
/// </summary>
internal static class CleanText
{
    /// <summary>Longest fact that is kept, in characters.</summary>
    public const int MaxLength = 256;

    /// <summary>The bytes read as UTF-8 up to the first NUL that ends them, cleaned; null where nothing is left.</summary>
    public static string? From(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return From(Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]));
    }

    /// <summary>The same without any <c>?</c> of ours: null where something cannot be shown.</summary>
    public static string? Whole(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]).Trim();
        return text.EnumerateRunes().All(PrintableText.IsPrintable) ? From(text) : null;
    }

    /// <summary>The text with <c>?</c> for what cannot be shown, trimmed and cut; null where nothing is left.</summary>
    /// <param name="text">What was read.</param>
    /// <param name="maxLength">Longest text that is returned, in characters.</param>
    public static string? From(string text, int maxLength = MaxLength)
    {
        var clean = new StringBuilder();
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > maxLength)
            {
                break;
            }

            clean.Append(PrintableText.IsPrintable(rune) ? rune.ToString() : "?");
        }

        var trimmed = clean.ToString().Trim();
        return trimmed.Length == 0 ? null : trimmed;
    }
}
