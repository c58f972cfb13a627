using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary><c>mayuctl list --watch</c>. The stream ends each time, and is then resumed with the same events.</summary>
public sealed class ListWatchTests
{
    private const string Line = "GET /api/v1/events/machines";

    private const string Events = """
        : watching

        event: snapshot
        data: {"kind":"snapshot","reason":"first"}

        event: upsert
        data: {"kind":"upsert","serial":"vm-002","revision":1,"machine":{"serial":"vm-002","state":"unknown","enabled":true}}

        event: upsert
        data: {"kind":"upsert","serial":"vm-001","revision":1,"machine":{"serial":"vm-001","state":"running","profile":"core","enabled":true,"internalAddress":"10.1.0.2","lastSeen":"2026-01-02T11:59:30Z"}}

        id: a-1
        event: synced
        data: {"kind":"synced"}


        """;

    private const string Changes = """
        id: a-2
        event: upsert
        data: {"kind":"upsert","serial":"vm-001","revision":2,"machine":{"serial":"vm-001","state":"running","profile":"core","enabled":true,"internalAddress":"10.1.0.2","lastSeen":"2026-01-02T11:59:59Z"}}

        id: a-3
        event: upsert
        data: {"kind":"upsert","serial":"vm-002","revision":2,"machine":{"serial":"vm-002","state":"configured","profile":"a-long-name","enabled":true,"internalAddress":"10.1.0.10"}}

        id: a-4
        event: delete
        data: {"kind":"delete","serial":"vm-001","revision":3}

        id: a-5
        event: delete
        data: {"kind":"delete","serial":"vm-009","revision":3}


        """;

    [Fact]
    public async Task The_list_is_followed_by_each_row_that_changes()
    {
        var run = await FollowAsync("list --watch", Line, Events + Changes);

        Assert.StartsWith(
            """
            SERIAL  IP        PROFILE  STATE    HOP  LASTSEEN              NOTE  PROBLEM
            vm-001  10.1.0.2  core     running  -    2026-01-02T11:59:30Z  -     -
            vm-002  -         -        unknown  -    -                     -     -
            vm-002  10.1.0.10  a-long-name  configured  -    -                     -     -
            vm-001  10.1.0.2   core         gone        -    2026-01-02T11:59:59Z  -     -

            """,
            run.Out, StringComparison.Ordinal);
        Assert.Contains("the event stream was lost; trying again", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_an_interruption_only_what_is_different_is_printed()
    {
        var run = await FollowAsync("list --watch --no-legend --fields serial,state", Line, Events);

        Assert.Equal("vm-001  running\nvm-002  unknown\n", run.Out);
    }

    [Fact]
    public async Task On_a_terminal_the_headers_come_once()
    {
        var run = await FollowAsync("list --watch", Line, Events + Changes, isTerminal: true);

        Assert.Equal(2, run.Out.Split("serial").Length);
        Assert.Contains("gone", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_the_events_one_a_line()
    {
        var run = await FollowAsync("list --watch -o json", Line, Events + Changes);

        Assert.Equal(["snapshot", "upsert", "upsert", "synced", "upsert", "upsert", "delete", "delete"],
            run.Out.Split('\n').Take(8).Select(line => System.Text.Json.Nodes.JsonNode.Parse(line)!["kind"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Names_are_printed_when_a_machine_comes()
    {
        var run = await FollowAsync("list --state running --watch -o name", Line + "?selector=state%3Drunning", Events + Changes.Replace("vm-002", "new", StringComparison.Ordinal));

        Assert.StartsWith("vm-001\nvm-002\nnew\n", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list --watch", Line, "There is no machine yet.")]
    [InlineData("list --watch --profile core", Line + "?selector=profile%3Dcore", "No machine matches")]
    public async Task Machines_may_still_come(string command, string line, string told)
    {
        var run = await FollowAsync(command, line, "event: snapshot\ndata: {\"kind\":\"snapshot\"}\n\nid: a-1\nevent: synced\ndata: {\"kind\":\"synced\"}\n\n");

        Assert.Equal("", run.Out);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("name")]
    public async Task A_profile_that_there_is_not_is_told(string format)
    {
        await using var api = await ApiAsync(Line + "?selector=profile%3Dcor", "event: snapshot\ndata: {}\n\nid: a-1\nevent: synced\ndata: {}\n\n");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.NotFound, await run.RunAsync("list", "--watch", "--profile", "cor", "-o", format));

        Assert.Contains("there is no profile 'cor'. There are: core.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_the_server_refuses_is_a_failure()
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem(Line, 403, "Not allowed", "no");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Unreachable, await run.RunAsync("list", "--watch"));
    }

    private static async Task<CtlRun> FollowAsync(string command, string line, string events, bool isTerminal = false)
    {
        await using var api = await ApiAsync(line, events);
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = CtlRun.Against(api, isTerminal);
        var running = run.RunAsync(interrupted.Token, command.Split(' '));
        // The third request shows that the second answer was read whole.
        while (api.Requests.Count(asked => asked.Line == line) < 3)
        {
            Assert.False(running.IsCompleted, run.Error);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await interrupted.CancelAsync();
        Assert.Equal(ExitCode.Ok, await running);
        return run;
    }

    private static async Task<FakeApi> ApiAsync(string line, string events) => (await FakeApi.StartAsync())
        .Answer(line, events, type: "text/event-stream")
        .Answer("GET /api/v1/profiles", """{"items":[{"name":"core","quantity":3,"used":0}]}""");
}
