using System.Text.RegularExpressions;

namespace Mayu.Docs.Tests;

/// <summary>A page of the documentation, as far as the tests want to know it.</summary>
/// <param name="Path">From the clone, with forward slashes.</param>
/// <param name="Lines">Its lines; those of fenced blocks too.</param>
/// <param name="Blocks">Its fenced blocks.</param>
internal sealed partial record MarkdownPage(string Path, IReadOnlyList<string> Lines, IReadOnlyList<FencedBlock> Blocks)
{
    /// <summary>Reads a page.</summary>
    public static MarkdownPage Read(string root, string file)
    {
        var lines = File.ReadAllLines(file);
        var blocks = new List<FencedBlock>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                continue;
            }

            var end = Array.IndexOf(lines, "```", i + 1);
            Assert.True(end > i, $"{file}:{i + 1}: this block has no end");
            blocks.Add(new FencedBlock(lines[i][3..], i > 0 ? lines[i - 1] : "", i + 2, lines[(i + 1)..end]));
            i = end;
        }

        return new MarkdownPage(System.IO.Path.GetRelativePath(root, file), lines, blocks);
    }

    /// <summary>The prose: line numbers from 1, and the heading each line stands under.</summary>
    public IEnumerable<(int Number, string Heading, string Text)> Prose()
    {
        var heading = "";
        for (var i = 0; i < Lines.Count; i++)
        {
            var number = i + 1;
            if (Blocks.Any(block => number >= block.FirstLine - 1 && number <= block.FirstLine + block.Lines.Count))
            {
                continue;
            }

            heading = Lines[i].StartsWith('#') ? Lines[i].TrimStart('#').Trim() : heading;
            yield return (number, heading, Lines[i]);
        }
    }

    /// <summary>What stands in backticks in the prose.</summary>
    public IEnumerable<(int Number, string Heading, string Text)> CodeSpans() =>
        from line in Prose()
        from Match match in CodeSpan().Matches(line.Text)
        select (line.Number, line.Heading, match.Groups[1].Value);

    /// <summary>The targets of the links in the prose.</summary>
    public IEnumerable<(int Number, string Target)> Links() =>
        from line in Prose()
        from Match match in Link().Matches(CodeSpan().Replace(line.Text, "code"))
        select (line.Number, match.Groups[1].Value);

    /// <summary>The names by which links reach the headings.</summary>
    public IEnumerable<string> Anchors() =>
        Prose().Where(line => line.Text.StartsWith('#'))
            .Select(line => NotInAnchors().Replace(line.Heading.ToLowerInvariant(), "").Replace(' ', '-'));

    /// <inheritdoc/>
    public override string ToString() => Path;

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}

/// <summary>A block between fences.</summary>
/// <param name="Language">What stands behind the opening fence.</param>
/// <param name="Before">The line before it, which may be a marker.</param>
/// <param name="FirstLine">The number of its first line.</param>
/// <param name="Lines">Its lines.</param>
internal sealed record FencedBlock(string Language, string Before, int FirstLine, IReadOnlyList<string> Lines)
{
    /// <summary>Its text.</summary>
    public string Text => string.Join('\n', Lines) + "\n";
}
