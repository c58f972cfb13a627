using System.Buffers;
using System.Globalization;
using System.Text;

namespace Mayu.Protocols.Syslog;

/// <summary>
/// A message of syslog, in whatever form it comes: RFC 5424, RFC 3164, or a bare text as the kernel's netconsole sends it. Nothing is refused: what cannot be read as a header is text.
/// </summary>
/// <param name="Priority">Facility and severity, 0 to 191.</param>
/// <param name="Program">Who wrote it (APP-NAME, the tag); null: nobody says.</param>
/// <param name="Text">The text on one line. What is not printable is encoded: <c>\n</c>, <c>\x1b</c>, <c>\u{202e}</c>.</param>
public sealed record SyslogMessage(int Priority, string? Program, string Text)
{
    /// <summary>The longest datagram that is read, in bytes; what is longer is cut (RFC 5424 §6.1 has every receiver take 480, and wants 2048).</summary>
    public const int MaxLength = 2048;

    /// <summary>user.notice: what has no priority of its own (RFC 3164 §4.3.3).</summary>
    public const int DefaultPriority = 13;

    private const int MaxPriority = 191;

    // RFC 5424 §6: APP-NAME.
    private const int MaxProgram = 48;
    private const int HeaderFields = 5;

    private static readonly SearchValues<char> ProgramCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./()");

    private static readonly string[] Severities = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

    /// <summary>How bad it is, as syslog calls it: <c>err</c>.</summary>
    public string Severity => Severities[Priority & 7];

    /// <summary>Reads a datagram.</summary>
    /// <param name="datagram">Its bytes; what is behind <see cref="MaxLength"/> is passed over.</param>
    public static SyslogMessage Read(ReadOnlySpan<byte> datagram)
    {
        var text = Encoding.UTF8.GetString(datagram[..Math.Min(datagram.Length, MaxLength)]).AsSpan().TrimEnd("\r\n\0 ");
        var priority = ReadPriority(ref text);
        var program = ReadHeader(ref text) ?? ReadOldHeader(ref text);
        return new SyslogMessage(priority, string.IsNullOrEmpty(program) ? null : Encode(program), Encode(text.Trim()));
    }

    private static int ReadPriority(ref ReadOnlySpan<char> text)
    {
        if (text is ['<', ..] && text.IndexOf('>') is >= 2 and <= 4 and var end
            && int.TryParse(text[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var priority) && priority <= MaxPriority)
        {
            text = text[(end + 1)..];
            return priority;
        }

        return DefaultPriority;
    }

    // VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP STRUCTURED-DATA [SP MSG] (RFC 5424 §6). The program, empty where nobody says it; null: it is not of this form, and nothing was taken.
    private static string? ReadHeader(ref ReadOnlySpan<char> text)
    {
        if (text is not ['1', ' ', ..])
        {
            return null;
        }

        var rest = text[2..];
        ReadOnlySpan<char> program = default;
        for (var field = 0; field < HeaderFields; field++)
        {
            var end = rest.IndexOf(' ');
            if (end <= 0)
            {
                return null;
            }

            program = field == 2 ? rest[..end] : program;
            rest = rest[(end + 1)..];
        }

        if (!SkipStructuredData(ref rest))
        {
            return null;
        }

        text = rest.TrimStart('\uFEFF');
        return program is "-" ? "" : program[..Math.Min(program.Length, MaxProgram)].ToString();
    }

    private static bool SkipStructuredData(ref ReadOnlySpan<char> text)
    {
        if (text is ['-', ..])
        {
            text = text[1..].TrimStart(' ');
            return true;
        }

        var isElement = false;
        while (text is ['[', ..])
        {
            var (isQuoted, at) = (false, 1);
            for (; at < text.Length && (isQuoted || text[at] != ']'); at++)
            {
                isQuoted ^= text[at] == '"';
                at += isQuoted && text[at] == '\\' ? 1 : 0;
            }

            if (at >= text.Length)
            {
                return false;
            }

            text = text[(at + 1)..];
            isElement = true;
        }

        text = text.TrimStart(' ');
        return isElement;
    }

    // [TIMESTAMP SP HOSTNAME SP] TAG[PID]: MSG (RFC 3164 §4.1). The program; null: nothing that looks like one.
    private static string? ReadOldHeader(ref ReadOnlySpan<char> text)
    {
        var rest = text;
        if (IsOldTime(rest))
        {
            rest = rest[16..];
            // Some leave the host name out: then the tag is here.
            if (rest.IndexOf(' ') is > 0 and var end && rest[end - 1] != ':')
            {
                rest = rest[(end + 1)..];
            }

            text = rest;
        }

        var length = rest.IndexOfAnyExcept(ProgramCharacters);
        if (length is <= 0 or > MaxProgram)
        {
            return null;
        }

        var program = rest[..length];
        rest = rest[length..];
        if (rest is ['[', ..] && rest.IndexOf(']') is > 0 and var close)
        {
            rest = rest[(close + 1)..];
        }

        if (rest is not [':', ..])
        {
            return null;
        }

        text = rest[1..];
        return program.ToString();
    }

    // Mmm dd hh:mm:ss
    private static bool IsOldTime(ReadOnlySpan<char> text) =>
        text.Length > 16 && text[3] == ' ' && text[6] == ' ' && text[9] == ':' && text[12] == ':' && text[15] == ' '
        && char.IsAsciiLetterUpper(text[0]) && char.IsAsciiDigit(text[5]) && char.IsAsciiDigit(text[8]) && char.IsAsciiDigit(text[14]);

    private static string Encode(ReadOnlySpan<char> text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\n' => encoded.Append("\\n"),
                '\r' => encoded.Append("\\r"),
                '\t' => encoded.Append("\\t"),
                _ when IsPrintable(rune) => encoded.Append(rune.ToString()),
                < 0x100 => encoded.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                _ => encoded.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"),
            };
        }

        return encoded.ToString();
    }

    // U+FFFD stands for bytes that are no UTF-8: it shows that there was something.
    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
