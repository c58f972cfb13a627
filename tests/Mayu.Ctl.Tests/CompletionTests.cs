using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary>What the shells' scripts are answered. The shells themselves are asked by Mayu.Interop.Tests.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("sta", "status")]
    [InlineData("p|", "")]
    [InlineData("list|--st", "--state")]
    [InlineData("list|--state|ins", "installing installed")]
    [InlineData("list|--state=ins", "--state=installing --state=installed")]
    [InlineData("list|--fields|la", "lastseen lastboot")]
    [InlineData("list|--fields|serial,la", "serial,lastseen serial,lastboot")]
    [InlineData("list|--fields=serial,mac", "--fields=serial,mac --fields=serial,machineid")]
    [InlineData("-o|y", "yaml")]
    [InlineData("list|-o|", "table wide json yaml name")]
    [InlineData("-o|json|sta", "status")]
    [InlineData("set|vm-001|pro", "profile providerid")]
    [InlineData("set|vm-001|state|r", "running")]
    [InlineData("set|vm-001|enabled|", "true false")]
    [InlineData("set|vm-001|cabinet|", "")]
    [InlineData("list|--no-legend|--sta", "--state")]
    [InlineData("explain|x|--loader|p", "pxe pxelinux")]
    [InlineData("completion|", "bash zsh fish")]
    [InlineData("list|--|--st", "")]
    [InlineData("no-such-command|", "")]
    [InlineData("status|a|b|c|", "")]
    public async Task Commands_options_and_choices_come_from_the_table_of_help(string words, string expected)
    {
        var run = new CtlRun();

        Assert.Equal(ExitCode.Ok, await run.RunAsync(["__complete", .. words.Split('|')]));

        var lines = run.Out.TrimEnd('\n').Split('\n');
        Assert.Equal("words", lines[0]);
        var got = lines[1..].Select(line => line.Split('\t')[0]).Order(StringComparer.Ordinal);
        Assert.Equal(string.Join(' ', expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)), string.Join(' ', got));
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Every_command_is_there_with_what_it_does()
    {
        var (run, help) = (new CtlRun(), new CtlRun());

        await run.RunAsync("__complete", "");
        await help.RunAsync("--help");

        var lines = run.Out.TrimEnd('\n').Split('\n')[1..];
        Assert.True(lines.Length > 15);
        Assert.All(lines, line => Assert.Matches($@"(?m)^  {line.Split('\t')[0]}\b.*{System.Text.RegularExpressions.Regex.Escape(line.Split('\t')[1])}", help.Out));
    }

    [Theory]
    [InlineData("--ca|")]
    [InlineData("list|--token-file=/e")]
    public async Task Files_are_left_to_the_shell(string words)
    {
        var run = new CtlRun();

        await run.RunAsync(["__complete", .. words.Split('|')]);

        Assert.Equal("files\n", run.Out);
    }

    [Theory]
    [InlineData("status|", "vm-001\trunning, core, n1|vm-002\tunknown")]
    [InlineData("history|vm-002", "vm-002\tunknown")]
    [InlineData("set|vm-001|profile|c", "core")]
    [InlineData("list|--profile|", "core|default")]
    [InlineData("list|--profile=d", "--profile=default")]
    public async Task Serials_and_profiles_come_from_the_server(string words, string expected)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", """{"items":[{"serial":"vm-001","state":"running","profile":"core","hostname":"n1"},{"serial":"vm-002","state":"unknown"}]}""")
            .Answer("GET /api/v1/profiles", """{"items":[{"name":"core"},{"name":"default"}]}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync(["__complete", .. words.Split('|')]));

        Assert.Equal("words\n" + expected.Replace('|', '\n') + "\n", run.Out);
    }

    [Fact]
    public async Task A_server_that_is_named_on_the_line_is_asked()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", """{"items":[{"serial":"vm-001"}]}""");
        var run = new CtlRun();

        await run.RunAsync("__complete", "--server", api.Url, "--ca", api.CaFile, "--token-file", api.TokenFile, "status", "");

        Assert.Equal("words\nvm-001\n", run.Out);
    }

    [Theory]
    [InlineData("status|")]
    [InlineData("--timeout|soon|status|")]
    [InlineData("--ca|/nonexistent|status|")]
    public async Task A_server_that_does_not_answer_is_no_error(string words)
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync(["__complete", .. words.Split('|')]));

        Assert.Equal(("words\n", ""), (run.Out, run.Error));
    }

    [Fact]
    public async Task A_word_that_would_move_the_cursor_is_left_out()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", """{"items":[{"serial":"a\u001b[2J"},{"serial":"b\nc"},{"serial":"d\te"},{"serial":"$(f)","profile":"\u001b[2J"}]}""");
        var run = CtlRun.Against(api);

        await run.RunAsync("__complete", "status", "");

        Assert.Equal("words\n$(f)\t\\x1b[2J\n", run.Out);
    }

    [Theory]
    [InlineData("bash", "complete -F _mayuctl mayuctl\n")]
    [InlineData("zsh", "#compdef mayuctl\n")]
    [InlineData("fish", "complete -c mayuctl ")]
    public async Task A_script_is_printed_for_each_shell(string shell, string expected)
    {
        var run = new CtlRun();

        Assert.Equal(ExitCode.Ok, await run.RunAsync("completion", shell));

        Assert.Contains(expected, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_shell_is_refused()
    {
        var run = new CtlRun();

        Assert.Equal(ExitCode.Usage, await run.RunAsync("completion", "tcsh"));

        Assert.Contains("'tcsh'", run.Error, StringComparison.Ordinal);
    }
}
