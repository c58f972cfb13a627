using System.Text.RegularExpressions;

namespace Mayu.Docs.Tests;

/// <summary>The messages that docs/troubleshooting.md quotes are those that the programs print.</summary>
public partial class QuotedMessageTests
{
    private const string Page = "docs/troubleshooting.md";
    private const string Variable = "…";

    // Shorter pieces between two variables say nothing.
    private const int ShortestPiece = 8;

    private static readonly string Sources = string.Concat(
        new[] { "src", "templates", "template_snippets", "lab/images" }.SelectMany(Repository.Files).Select(file => AsPrinted(File.ReadAllText(file))));

    public static TheoryData<string> Messages => [.. QuotedIn(Repository.Page(Page)).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_quoted_message_is_printed_somewhere(string message) =>
        Assert.All(Pieces(message), piece => Assert.True(Sources.Contains(piece, StringComparison.Ordinal), $"nothing prints \"{piece}\""));

    [Fact]
    public void There_are_quoted_messages() => Assert.True(Messages.Count > 20);

    // Messages have spaces and are no command; a message's variable parts are written as dots.
    private static IEnumerable<string> QuotedIn(MarkdownPage page) =>
        page.CodeSpans().Select(span => span.Text).Where(text => text.Count(c => c == ' ') > 2 && !Command().IsMatch(text));

    private static IEnumerable<string> Pieces(string message) =>
        message.Split(Variable).Select(piece => piece.Trim(' ', '"', '\'', ':', ';', ',', '.', '(', ')', '?')).Where(piece => piece.Length >= ShortestPiece);

    // One text may be written as several literals, and may have quotes in it.
    private static string AsPrinted(string source) => Joint().Replace(source, "").Replace("\\\"", "\"", StringComparison.Ordinal);

    [GeneratedRegex("(?<!\\\\)\"\\s*\\+\\s*\\$?\"")]
    private static partial Regex Joint();

    [GeneratedRegex("^(mayu|mayuctl|infopusher|ss|git|lab/|\\./)")]
    private static partial Regex Command();
}
