namespace Mayu.Docs.Tests;

/// <summary>The exit codes that docs/operations.md promises to scripts.</summary>
public class ExitCodeTests
{
    [Theory]
    [InlineData("mayu config reference", 0)]
    [InlineData("mayu config check --config /nowhere/config.yaml", 2)]
    [InlineData("mayu serve --no-such-option", 2)]
    [InlineData("mayu no-such-command", 2)]
    [InlineData("mayuctl list --no-such-option", 2)]
    [InlineData("mayuctl list --ca /nowhere/ca.pem", 2)]
    [InlineData("infopusher show --no-such-option", 2)]
    public async Task A_program_ends_with_the_code_that_the_page_says(string command, int expected)
    {
        var words = command.Split(' ');
        var said = await Programs.RunAsync(Programs.PathOf(words[0]), words[1..]);
        Assert.True(said.ExitCode == expected, $"`{command}` ended with {said.ExitCode}, not {expected}\n{said.Output}{said.Errors}");
    }

    [Fact]
    public async Task A_server_that_is_not_there_ends_mayuctl_with_3()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["MAYU_TOKEN"] = "0123456789abcdef" };
        var said = await Programs.RunAsync(
            Programs.PathOf("mayuctl"), ["list", "--server", "http://127.0.0.1:9"], environment: variables);
        Assert.True(said.ExitCode == 3, $"it ended with {said.ExitCode}\n{said.Errors}");
    }
}
