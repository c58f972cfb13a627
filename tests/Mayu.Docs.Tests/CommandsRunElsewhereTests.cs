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

    public static TheoryData<string> Packages => [.. DocumentedCommands.All.Where(command => command.StartsWith("lab/setup packages ", StringComparison.Ordinal))];

    // `native` was a step and a user of packages: the page's first command began to build, and ended with "no step 'run'".
    [Theory]
    [MemberData(nameof(Packages))]
    public async Task A_documented_command_for_packages_does_nothing_else(string command)
    {
        var folder = Directory.CreateTempSubdirectory("mayu-docs-");
        try
        {
            var everythingIsThere = Path.Combine(folder.FullName, "dpkg-query");
            await File.WriteAllTextAsync(everythingIsThere, "#!/bin/sh\nprintf installed\n", TestContext.Current.CancellationToken);
            File.SetUnixFileMode(everythingIsThere, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var said = await Programs.RunAsync(
                Programs.PathOf("lab/setup"),
                command.Split(' ')[1..],
                environment: new Dictionary<string, string> { ["PATH"] = $"{folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}" });
            Assert.Equal(new Said(0, "", ""), said);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> KnownWordsAsync(string program, string command) => program switch
    {
        // They are what the user types first, and what CI runs.
        "./demo" or "./test" => await Programs.HelpAsync(program),
        // ./test runs it, quickly.
        "bench/run" => await Programs.HelpAsync(program),
        // It takes hours; ./test runs the tool behind it on a project of a few lines.
        "tests/Mutation/mutate" => await Programs.HelpAsync(program),
        // ./demo and ./test run it, and it runs the builders; the packages' users are in the list.
        "lab/setup" or "lab/images/build-discovery" or "lab/images/build-os" =>
            string.Concat(new[] { program, "lab/debian-packages" }.Select(Repository.Text)),
        // ./test runs them: case by case, and for some seconds.
        "lab/images/selftest/run" or "tests/Fuzz/fuzz" => Repository.Text(program),
        // ClientPackageTests run them, with another folder for the output.
        "dotnet" when command.StartsWith("dotnet pack src/", StringComparison.Ordinal) => command,
        // ./test runs them word for word.
        "dotnet" when Repository.Text("test").Contains(command, StringComparison.Ordinal) => command,
        _ => throw new InvalidOperationException($"`{command}` is neither run by these tests nor known to be run elsewhere."),
    };

    // Values of options and folders are the user's own.
    private static bool IsOptionOrStep(string word, string program) =>
        word.StartsWith('-') || program is "lab/images/selftest/run" || (program is "lab/setup" && !word.Contains('/')) ||
        (program is "./test" or "bench/run" && word.All(char.IsAsciiLetterLower));
}
