using System.Text.RegularExpressions;
using Mayu.Server;

namespace Mayu.Docs.Tests;

/// <summary>docs/coming-from-mayu-1.md has every flag and every admin request of the first Mayu, and no other.</summary>
public partial class OldPageTests
{
    private const string Page = "docs/coming-from-mayu-1.md";

    // They are this program's own, too.
    private static readonly string[] OwnFlags = ["--config", "-d", "--debug", "--version", "--set"];

    [Fact]
    public void The_table_of_flags_is_what_the_server_takes_and_refuses() =>
        Assert.Equal(OldFlags.Names.Concat(OwnFlags).Order(StringComparer.Ordinal), SpansOf("Flags of the server").Where(span => span.StartsWith('-')).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_table_of_requests_is_what_the_server_answers()
    {
        var answered = Request().Matches(string.Concat(Repository.Files("src/Mayu.Server/Api/Legacy").Select(File.ReadAllText))).Select(match => match.Groups["name"].Value).ToList();
        var first = Repository.Page(Page).Lines.Select(line => FirstCell().Match(line)).Where(cell => cell.Success).SelectMany(cell => Span().Matches(cell.Groups["cell"].Value)).Select(span => span.Groups["name"].Value);

        Assert.Equal(10, answered.Count);
        Assert.Equal(answered.Order(StringComparer.Ordinal), first.Intersect(answered).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> SpansOf(string heading) => Repository.Page(Page).CodeSpans().Where(span => span.Heading == heading).Select(span => span.Text);

    [GeneratedRegex("\"/admin/host/{serial}/(?<name>[a-z_]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Request();

    [GeneratedRegex("^\\| (?<cell>`[^|]*) \\|", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FirstCell();

    [GeneratedRegex("`(?<name>[a-z_]+)`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Span();
}
