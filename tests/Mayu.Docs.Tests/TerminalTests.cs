using System.Text.RegularExpressions;

namespace Mayu.Docs.Tests;

/// <summary>What an operator sees in a real terminal (tmux), at the widths that terminals have.</summary>
/// <param name="server">A server with one machine that runs.</param>
public sealed class TerminalTests(DocumentedServer server) : IClassFixture<DocumentedServer>
{
    private static readonly string[] Commands =
        ["list", "list --fields serial,uuid,mac,ip,machineid,image", "status vm-001", "trace vm-001", "history vm-001", "history --fields", "profiles", "addresses", "leases", "explain vm-001"];

    private static readonly Regex Whole = new(
        @"vm-001|[0-9a-f]{2}(:[0-9a-f]{2}){5}|\d+\.\d+\.\d+\.\d+|\d{4}-\d\d-\d\dT[0-9:]{8}Z|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|configured|installing|running",
        RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    [Fact]
    public async Task No_serial_mac_address_or_time_is_broken_at_80_100_or_200_columns()
    {
        var isCi = Environment.GetEnvironmentVariable("CI") == "true";
        Assert.SkipUnless(server.IsPossible || isCi, "needs a network namespace (unshare) and the program ip");
        var piped = new List<string>();
        foreach (var command in Commands)
        {
            piped.Add((await server.RunAsync($"mayuctl {command}")).Output);
        }

        foreach (var width in new[] { 80, 100, 200 })
        {
            var screens = await server.ScreensAsync([.. Commands.Select(command => $"mayuctl {command}")], width);
            Assert.Equal(Commands.Length, screens.Count);
            for (var i = 0; i < Commands.Length; i++)
            {
                AssertWhole(Commands[i], piped[i], screens[i], width);
            }
        }
    }

    // .NET would switch the keypad into application mode, and leave it so.
    [Theory]
    [InlineData("mayuctl version")]
    [InlineData("mayuctl --help")]
    [InlineData("mayuctl list")]
    [InlineData("mayu config reference")]
    [InlineData("infopusher --version")]
    [InlineData("mayu-lab --help")]
    [InlineData("mayu-lab demo --machines x")]
    public async Task A_terminal_gets_nothing_that_is_not_taken_back(string command)
    {
        var words = command.Split(' ');
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["TERM"] = "xterm-256color" };
        var said = await Programs.RunAsync("script", ["-qc", $"{Programs.PathOf(words[0])} {string.Join(' ', words[1..])}", "/dev/null"], environment: variables);
        Assert.NotEmpty(said.Output);
        Assert.DoesNotContain("\e", said.Output, StringComparison.Ordinal);
    }

    // ./demo and ./test run the SDK some twenty times.
    [Fact]
    public async Task The_sdk_as_the_scripts_run_it_sends_a_terminal_nothing_else_either()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["TERM"] = "xterm-256color" };
        var said = await Programs.RunAsync("script", ["-qc", "bash -c '. lab/needs.sh; need_dotnet; dotnet --version'", "/dev/null"], environment: variables);
        Assert.Matches(@"^10\.\d+\.\d+\r?\n$", said.Output);
    }

    // Output that goes elsewhere does not change that a person reads the messages.
    [Theory]
    [InlineData("mayuctl list --ca /nowhere --token-file /nowhere")]
    [InlineData("mayuctl list --ca /nowhere --token-file /nowhere | cat")]
    [InlineData("mayu config check --config /nowhere/of/a/name/that/is/rather/long")]
    [InlineData("mayu serve --config /nowhere/of/a/name/that/is/rather/long | cat")]
    public async Task A_message_is_broken_between_words(string command)
    {
        const int Width = 60;
        var words = command.Split(' ', 2);
        var said = await Programs.RunAsync("script", ["-qc", $"stty cols {Width}; {Programs.PathOf(words[0])} {words[1]}", "/dev/null"]);
        var lines = said.Output.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r')).ToList();
        Assert.True(lines.Count > 1, said.Output);
        Assert.All(lines, line => Assert.True(line.Length <= Width, line));
    }

    private static void AssertWhole(string command, string piped, string screen, int width)
    {
        Assert.True(screen.Trim().Length > 0, command);
        Assert.All(screen.Split('\n'), line => Assert.True(line.Length <= width, $"{command}: {line}"));
        Assert.DoesNotMatch(@"(?m)[0-9a-f]{2}:$|\d{4}-\d\d-?$|\d+\.\d+\.$", screen);
        // What is a word where a program reads it is a word on the screen, unless a column was left out, or tells how long ago.
        if (!screen.Contains("Not shown", StringComparison.Ordinal) && !screen.Contains(" ago", StringComparison.Ordinal))
        {
            Assert.Subset(Words(screen), Words(piped));
        }
    }

    private static HashSet<string> Words(string text) => [.. Whole.Matches(text).Select(match => match.Value)];
}
