using System.Globalization;
using System.Text;

namespace Mayu.Client.Text;

/// <summary>
/// Text from machines and servers on its way to a terminal: it may hold anything, escape sequences and characters that turn
/// the direction of a line among it.
/// </summary>
public static class PrintableText
{
    /// <summary>Whether a character shows itself and does nothing else.</summary>
    public static bool IsPrintable(Rune rune) => rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>The text on one line, with <c>\n</c>, <c>\t</c>, <c>\x1b</c> or <c>\u{202e}</c> for what is not printable.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.EnumerateRunes().All(IsPrintable))
        {
            return text;
        }

        var escaped = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            escaped.Append(rune.Value switch
            {
                _ when IsPrintable(rune) => rune.ToString(),
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < 0x100 => $"\\x{rune.Value:x2}",
                _ => $"\\u{{{rune.Value:x}}}",
            });
        }

        return escaped.ToString();
    }
}
