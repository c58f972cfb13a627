namespace Mayu.Docs.Tests;

/// <summary>Commands of the pages that are too large for these tests. CI runs them elsewhere; here their words are checked.</summary>
public class CommandsRunElsewhereTests
{
    public static TheoryData<string> Commands => [.. DocumentedCommands.All.Where(command => !DocumentedCommands.IsRunHere(command))];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_documented_command_has_only_words_that_its_program_knows(string command)
    {
        var words = command.Split(' ');
        var known = await KnownWordsAsync(words[0], command);
        Assert.All(words[1..].Where(word => IsOptionOrStep(word, words[0])), word => Assert.Contains(word, known, StringComparison.Ordinal));
    }

    private static async Task<string> KnownWordsAsync(string program, string command) => program switch
    {
        // They are what the user types first, and what CI runs.
        "./demo" or "./test" => await Programs.HelpAsync(program),
        // ./test runs it, quickly.
        "bench/run" => await Programs.HelpAsync(program),
        // ./demo and ./test run it, and it runs the builders; the packages' users are in the list.
        "lab/setup" or "lab/images/build-discovery" or "lab/images/build-os" =>
            string.Concat(new[] { program, "lab/debian-packages" }.Select(Repository.Text)),
        // ./test runs them word for word.
        "dotnet" when Repository.Text("test").Contains(command, StringComparison.Ordinal) => command,
        _ => throw new InvalidOperationException($"`{command}` is neither run by these tests nor known to be run elsewhere."),
    };

    // Values of options and folders are the user's own.
    private static bool IsOptionOrStep(string word, string program) =>
        word.StartsWith('-') || (program is "lab/setup" && !word.Contains('/')) || (program is "./test" or "bench/run" && word.All(char.IsAsciiLetterLower));
}
