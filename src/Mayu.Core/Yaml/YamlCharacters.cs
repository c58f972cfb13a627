namespace Mayu.Core.Yaml;

/// <summary>Which characters a document may have (YAML 1.2 §5.1), looked at before anything is made of them, and where a tab indents.</summary>
internal static class YamlCharacters
{
    private const char ByteOrderMark = '\ufeff';

    /// <summary>
    /// Refuses what is not printable, what ends a line in YAML 1.1 alone, and a byte order mark that begins a line. Of the first a NUL would
    /// end the document in the eyes of the parser, and PyYAML, which cloud-init reads with, refuses the whole document.
    /// </summary>
    /// <param name="text">The document, without the byte order mark at its beginning.</param>
    /// <exception cref="YamlFaultException">It has one; with its place.</exception>
    public static void Check(string text)
    {
        var (line, start) = (1, 0);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (IsBreak(text, i))
            {
                (line, start) = (line + 1, i + 1);
            }
            else if (c is < ' ' or > '~' && ProblemOf(text, i, isFirst: i == start) is { } problem)
            {
                throw new YamlFaultException(problem, line, i - start + 1);
            }
        }
    }

    /// <summary>The first tab that indents, from a line on; null where none does.</summary>
    /// <param name="text">The document.</param>
    /// <param name="fromLine">The line to begin with, from 1.</param>
    public static (int Line, int Column)? IndentingTab(string text, int fromLine)
    {
        var (line, column, indents) = (1, 1, true);
        for (var i = 0; i < text.Length; i++, column++)
        {
            if (IsBreak(text, i))
            {
                (line, column, indents) = (line + 1, 0, true);
            }
            else if (indents && text[i] == '\t' && line >= fromLine)
            {
                return (line, column);
            }
            else
            {
                indents &= text[i] is ' ' or '\t';
            }
        }

        return null;
    }

    // CR LF is one break, which its LF is counted for.
    private static bool IsBreak(string text, int at) => text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] != '\n'));

    private static string? ProblemOf(string text, int at, bool isFirst) => text[at] switch
    {
        '\t' or '\r' => null,
        '\x85' or '\u2028' or '\u2029' =>
            $"it has the character U+{(int)text[at]:X4}, which ends a line in YAML 1.1 and not in YAML 1.2: write it as an escape in double quotes",
        ByteOrderMark when isFirst => "there is a byte order mark (U+FEFF) here, which is only allowed at the beginning of a file: remove it",
        < ' ' or >= '\x7f' and <= '\x9f' or '\ufffe' or '\uffff' => NotPrintable(text[at]),
        var c when char.IsSurrogate(c) && IsLoneSurrogate(text, at) => NotPrintable(c),
        _ => null,
    };

    private static string NotPrintable(char c) => $"it has the character U+{(int)c:X4}, which YAML does not allow: write it as an escape in double quotes";

    private static bool IsLoneSurrogate(string text, int at) => char.IsHighSurrogate(text[at])
        ? at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1])
        : at == 0 || !char.IsHighSurrogate(text[at - 1]);
}
