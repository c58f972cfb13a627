using Mayu.Core.Boot;

namespace Mayu.Docs.Tests;

/// <summary>docs/troubleshooting.md has the table by which the program finds a machine that stands still.</summary>
public class StallTableTests
{
    private const string Begin = "<!-- begin: stalls -->\n";
    private const string End = "<!-- end: stalls -->";

    [Fact]
    public void The_table_of_stalls_is_the_programs()
    {
        var text = Repository.Text("docs/troubleshooting.md");
        var from = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var expected = "| last hop | what happened, and what did not follow | patience | usual causes |\n|---|---|---|---|\n" + string.Concat(StallTable.Rules.Select(Row));
        // To put in its place when the program's table changed.
        var copy = Path.Combine(AppContext.BaseDirectory, "stalls.md");
        File.WriteAllText(copy, expected);
        Assert.True(expected == text[from..text.IndexOf(End, StringComparison.Ordinal)], $"docs/troubleshooting.md has another table than the program; the program's is in {copy}");
    }

    [Fact]
    public void The_table_rounds_no_patience() => Assert.All(StallTable.Rules, rule => Assert.Equal(
        rule.Patience,
        StallDetector.Age(rule.Patience).Split(' ') is [var number, "s"] ? TimeSpan.FromSeconds(Read(number)) : TimeSpan.FromMinutes(Read(StallDetector.Age(rule.Patience).Split(' ')[0]))));

    private static int Read(string number) => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture);

    private static string Row(StallRule rule) =>
        $"| `{Hop.NameOf(rule.After)}` | {rule.Title}; {rule.Missing} (`{Hop.NameOf(rule.Expected)}`) | {StallDetector.Age(rule.Patience)} | {string.Join("; ", rule.Causes)} |\n";
}
