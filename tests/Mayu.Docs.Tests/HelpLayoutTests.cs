using System.Text.RegularExpressions;

namespace Mayu.Docs.Tests;

/// <summary>How help looks on a terminal of 80 columns: every page of every program.</summary>
public partial class HelpLayoutTests
{
    private const int Width = 80;

    [Theory]
    [InlineData("mayu")]
    [InlineData("mayuctl")]
    [InlineData("infopusher")]
    public async Task No_line_is_wider_than_the_terminal_and_a_command_has_one(string program)
    {
        foreach (var (page, help) in await PagesAsync(program))
        {
            Assert.All(help.Split('\n'), line => Assert.True(line.TrimEnd().Length <= Width, $"{page} --help: {line}"));
            Assert.All(CommandLines(help), line => Assert.True(Name().IsMatch(line), $"{page} --help: {line}"));
            // A list of choices that is broken would end in another line.
            Assert.All(help.Split('\n').Where(line => !line.Contains(" < ", StringComparison.Ordinal)), line => Assert.True(line.Count(c => c == '<') == line.Count(c => c == '>'), $"{page} --help: {line}"));
        }
    }

    [Fact]
    public async Task Options_of_all_commands_are_explained_once()
    {
        var pages = await PagesAsync("mayuctl");
        Assert.True(pages.Count > 15);
        Assert.Equal(["mayuctl"], pages.Where(page => page.Help.Contains("--token-file <FILE>", StringComparison.Ordinal)).Select(page => page.Name));
        Assert.All(pages.Skip(1), page => Assert.Contains("Global options, explained by 'mayuctl --help':\n  -o, --output, --server", page.Help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("./demo")]
    [InlineData("./test")]
    [InlineData("bench/run")]
    [InlineData("tests/Mutation/mutate")]
    [InlineData("tests/Fuzz/fuzz")]
    public async Task Nor_is_one_of_a_script(string script)
    {
        var said = await Programs.RunAsync(Path.Combine(Repository.Root, script), ["--help"]);
        Assert.Equal(0, said.ExitCode);
        Assert.All(said.Output.Split('\n'), line => Assert.True(line.Length <= Width, line));
    }

    private static async Task<List<(string Name, string Help)>> PagesAsync(params string[] words)
    {
        var help = await Programs.HelpAsync(words);
        var pages = new List<(string, string)> { (string.Join(' ', words), help) };
        foreach (var line in CommandLines(help))
        {
            pages.AddRange(await PagesAsync([.. words, Name().Match(line).Groups[1].Value]));
        }

        return pages;
    }

    private static IEnumerable<string> CommandLines(string help) =>
        help.Split('\n').SkipWhile(line => line != "Commands:").Skip(1).TakeWhile(line => line.Length > 0);

    [GeneratedRegex("^  ([a-z][a-z-]*) .*[a-z]")]
    private static partial Regex Name();
}
