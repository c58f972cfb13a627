using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

public sealed class ExplainTests
{
    private const string Explanation = """
        {"serial":"vm-001","macAddress":"52:54:00:00:00:01","state":"running","profile":"core","firmware":"uefi-x64","engine":"builtin",
         "answer":"local-disk","reason":"it is running: its own disk boots",
         "protocols":[{"name":"dhcp-ipxe","answers":false,"detail":"silence: it is running"},{"name":"ipxe","answers":true,"detail":"a script","text":"#!ipxe\nexit 1\n"}]}
        """;

    [Fact]
    public async Task Every_protocol_is_told_and_the_script_where_a_loader_is_named()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/explain/vm-001", Explanation).Answer("GET /api/v1/explain/vm-001?firmware=bios&loader=ipxe", Explanation);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("explain", "vm-001"));
        const string Table = """
            vm-001, state running, profile core, MAC 52:54:00:00:00:01, firmware uefi-x64, engine builtin
            Boot answer: local-disk, because it is running: its own disk boots.
            PROTOCOL   ANSWERS  DETAIL
            dhcp-ipxe  no       silence: it is running
            ipxe       yes      a script

            """;
        Assert.Equal(Table, run.Out);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("explain", "vm-001", "--firmware", "bios", "--loader", "ipxe"));
        Assert.Equal(Table + "\n#!ipxe\nexit 1\n\n", run.Out);
    }

    [Fact]
    public async Task A_pin_is_told_and_only_what_fails_is_red()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/explain/vm-007", """
            {"macAddress":"52:54:00:00:00:07","firmware":"bios","engine":"builtin","answer":"discover","reason":"it is not known yet",
             "pins":[{"key":"mac:52:54:00:00:00:07","profile":"core","address":"10.0.0.7"},{"key":"serial:x","address":"10.0.0.8"}],
             "protocols":[{"name":"kernel","answers":false,"failing":true,"detail":"it lacks vmlinuz"},{"name":"config","answers":false,"failing":false,"detail":"none yet"}]}
            """);
        var run = CtlRun.Against(api, isTerminal: true);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("explain", "vm-007"));

        Assert.Contains("Pin mac:52:54:00:00:00:07: profile core and address 10.0.0.7 when it registers.\nPin serial:x: address 10.0.0.8 when it registers.\n", run.Out, StringComparison.Ordinal);
        var lines = run.Out.Split('\n');
        const string Red = "\u001b[91m";
        Assert.Contains(Red, Assert.Single(lines, line => line.Contains("lacks vmlinuz", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(Red, Assert.Single(lines, line => line.Contains("none yet", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NO_COLOR", "1", true)]
    [InlineData("NO_COLOR", "", false)]
    [InlineData("TERM", "dumb", true)]
    [InlineData("TERM", "xterm", false)]
    public async Task Whoever_wants_no_colours_gets_none_on_a_terminal_either(string variable, string value, bool isPlain)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/explain/vm-007", """
            {"firmware":"bios","engine":"builtin","answer":"discover","reason":"x","protocols":[{"name":"kernel","answers":false,"failing":true,"detail":"it lacks vmlinuz"}]}
            """);
        var run = CtlRun.Against(api, isTerminal: true);
        run.Environment[variable] = value;

        Assert.Equal(ExitCode.Ok, await run.RunAsync("explain", "vm-007"));

        // SGR (ECMA-48 §8.3.117) 30 to 37 and 90 to 97 are colours; bold is none.
        Assert.Equal(isPlain, !System.Text.RegularExpressions.Regex.IsMatch(run.Out, "\u001b\\[(?:[0-9;]*;)?[39][0-7]m", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task Who_was_never_seen_is_told_to_be_unknown(string neverSeen, bool isTold)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/explain/nosuch", $$"""{"serial":"nosuch","neverSeen":{{neverSeen}},"answer":"discover","reason":"it is new"}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("explain", "nosuch"));

        Assert.Equal(isTold, run.Out.StartsWith("Nobody has asked as 'nosuch' since the server started, and no record has that name. This is what a new machine would get.\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_network_is_named_and_shown_where_there_are_several()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/explain/vm-001?network=10.2.0.1", """
            {"serial":"vm-001","macAddress":"52:54:00:00:00:01","firmware":"bios","engine":"builtin","mode":"auto","answer":"discover","reason":"it is not known yet",
             "protocols":[{"name":"proxy","network":"10.2.0.0/24 by relay 10.2.0.1","answers":true,"detail":"no address"},{"name":"kernel","answers":true,"detail":"vmlinuz"}]}
            """);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("explain", "vm-001", "--network", "10.2.0.1"));
        Assert.Equal("""
            vm-001, no record, MAC 52:54:00:00:00:01, firmware bios, engine builtin (dhcp.mode auto)
            Boot answer: discover, because it is not known yet.
            PROTOCOL  NETWORK                        ANSWERS  DETAIL
            proxy     10.2.0.0/24 by relay 10.2.0.1  yes      no address
            kernel    -                              yes      vmlinuz

            """, run.Out);
    }

    [Fact]
    public async Task A_loader_that_there_is_not_is_a_wrong_command_line()
    {
        await using var api = await FakeApi.StartAsync();
        Assert.Equal(ExitCode.Usage, await CtlRun.Against(api).RunAsync("explain", "vm-001", "--loader", "lilo"));
    }
}
