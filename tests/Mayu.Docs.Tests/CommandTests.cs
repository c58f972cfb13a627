namespace Mayu.Docs.Tests;

/// <summary>The commands of the pages work: each is typed into a real server's shell.</summary>
/// <param name="server">Installed and started as the pages say.</param>
public class CommandTests(DocumentedServer server) : IClassFixture<DocumentedServer>
{
    private const string TheServerItself = "mayu serve";

    public static TheoryData<string> Commands =>
        [.. DocumentedCommands.All.Where(command => DocumentedCommands.IsRunHere(command) && !DocumentedCommands.Installs(command) && command != TheServerItself)];

    [Fact]
    public void The_pages_say_how_the_server_is_installed_and_started() =>
        Assert.True(DocumentedCommands.All.Contains(TheServerItself) && DocumentedCommands.All.Any(DocumentedCommands.Installs));

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_documented_command_ends_with_0(string command)
    {
        // CI skips nothing.
        var isCi = Environment.GetEnvironmentVariable("CI") == "true";
        Assert.SkipUnless(server.IsPossible || isCi, "needs a network namespace (unshare) and the program ip");
        var said = await server.RunAsync(command);
        Assert.True(said.ExitCode == 0, $"`{command}` ended with {said.ExitCode}\n{said.Output}{said.Errors}");
    }
}
