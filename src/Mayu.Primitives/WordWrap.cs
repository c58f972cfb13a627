namespace Mayu.Primitives;

/// <summary>Breaks text for a terminal between its words.</summary>
public static class WordWrap
{
    // Of less than this a sentence is not readable.
    private const int LeastWidth = 20;

    /// <summary>The lines of a text, broken at spaces; a word that is longer than a line is broken at a comma, or within.</summary>
    /// <param name="text">The text; several spaces in it count as one.</param>
    /// <param name="width">How long a line may be, in characters; at least 1.</param>
    public static IReadOnlyList<string> Lines(string text, int width)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
            while (line.Length > width)
            {
                // Lists have commas and no spaces.
                var comma = line.LastIndexOf(',', width - 1);
                var end = comma > 0 ? comma + 1 : width;
                lines.Add(line[..end]);
                line = line[end..];
            }
        }

        lines.Add(line);
        return lines;
    }

    /// <summary>A sentence as a terminal shows it: as it is if it fits, else broken between words.</summary>
    /// <param name="text">The sentence. It keeps the spaces that it begins with.</param>
    /// <param name="width">How wide the terminal is, in columns.</param>
    /// <param name="indent">How far the lines after the first are indented.</param>
    public static string Sentence(string text, int width, int indent = 0)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= width)
        {
            return text;
        }

        var start = text.Length - text.TrimStart(' ').Length;
        var lines = Lines(text, Math.Max(width - Math.Max(start, indent), LeastWidth));
        return new string(' ', start) + string.Join('\n' + new string(' ', indent), lines);
    }
}
