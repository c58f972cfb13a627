using System.Text.RegularExpressions;

namespace Mayu.Docs.Tests;

/// <summary>Commands and options that the prose names are those that <c>--help</c> lists.</summary>
public class HelpTests
{
    // That page also tells what the first Mayu had; what it says of ours stands under this heading.
    private const string OldPage = "docs/coming-from-mayu-1.md";
    private const string OldPageOurs = "Works";

    public static TheoryData<string> Spans =>
    [
        .. (from page in Repository.Pages
            from span in page.CodeSpans()
            where page.Path != OldPage || span.Heading == OldPageOurs
            where span.Text.Contains(' ') && Programs.Has(span.Text.Split(' ')[0])
            select span.Text).Concat(DocumentedCommands.All.Where(command => Programs.Has(DocumentedCommands.ProgramOf(command)))).Distinct(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Spans))]
    public Task A_command_that_is_named_is_listed(string text) => AssertListedAsync(text);

    /// <summary>Asserts that help lists a command and its options.</summary>
    internal static async Task AssertListedAsync(string text)
    {
        var words = text.Split(' ');
        string[] command = [words[0]];
        var help = await Programs.HelpAsync(command);
        foreach (var word in words[1..])
        {
            if (word.StartsWith('-'))
            {
                Assert.True(Regex.IsMatch(help, $@"(^|[\s,]){Regex.Escape(word)}([\s,]|$)"), $"{string.Join(' ', command)} has no option {word}\n{help}");
            }
            else if (Lists(help, command, word))
            {
                command = [.. command, word];
                help = command[0] == "infopusher" ? help : await Programs.HelpAsync(command);
            }
            else
            {
                // Behind a command that has no further ones, words are values.
                Assert.True(command.Length > 1 && !help.Contains("Commands:", StringComparison.Ordinal), $"{string.Join(' ', command)} has no command {word}\n{help}");
            }
        }
    }

    private static bool Lists(string help, string[] command, string word) => command[0] == "infopusher"
        ? command.Length == 1 && help.Contains($"infopusher {word}", StringComparison.Ordinal)
        : help.Contains("Commands:", StringComparison.Ordinal)
            && Regex.IsMatch(help[help.IndexOf("Commands:", StringComparison.Ordinal)..], $@"(?m)^  {Regex.Escape(word)}\b");
}
