using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary><c>mayuctl events</c>.</summary>
public sealed class EventsTests
{
    private const string Events = """
        : watching

        id: 1-1
        event: hop
        data: {"kind":"hop","at":"2026-01-02T12:00:00Z","serial":"vm-001","hop":{"name":"kernel","at":"2026-01-02T12:00:00Z"}}

        id: 1-2
        event: state
        data: {"kind":"state","at":"2026-01-02T12:00:01Z","serial":"vm-001","before":"unknown","state":"configured"}


        """;

    [Theory]
    [InlineData("events", "GET /api/v1/events", "2026-01-02T12:00:00Z  vm-001  kernel     \n2026-01-02T12:00:01Z  vm-001  state        unknown -> configured\n")]
    [InlineData(
        "events -o json", "GET /api/v1/events",
        """{"kind":"hop","at":"2026-01-02T12:00:00+00:00","serial":"vm-001","hop":{"name":"kernel","at":"2026-01-02T12:00:00+00:00","count":1}}""" + "\n"
        + """{"kind":"state","at":"2026-01-02T12:00:01+00:00","serial":"vm-001","state":"configured","before":"unknown"}""" + "\n")]
    [InlineData("events --of vm", "GET /api/v1/events?of=vm-001", "2026-01-02T12:00:00Z  vm-001  kernel     \n2026-01-02T12:00:01Z  vm-001  state        unknown -> configured\n")]
    [InlineData("events --of 5254.0000.0001", "GET /api/v1/events?of=vm-001", "2026-01-02T12:00:00Z  vm-001  kernel     \n2026-01-02T12:00:01Z  vm-001  state        unknown -> configured\n")]
    public async Task Events_are_printed_one_a_line_until_ctrl_c_which_is_no_failure(string line, string request, string expected)
    {
        await using var api = await ApiAsync();
        api.Answer(request, Events, type: "text/event-stream");
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var run = CtlRun.Against(api);

        var running = run.RunAsync(interrupted.Token, line.Split(' '));
        while (api.Requests.Count(asked => asked.Line == request) < 2)
        {
            Assert.False(running.IsCompleted, run.Error);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        await interrupted.CancelAsync();
        Assert.Equal(ExitCode.Ok, await running);
        var one = string.Join('\n', run.Out.Split('\n').Take(2).Select(text => text.TrimEnd()));
        Assert.Equal(string.Join('\n', expected.TrimEnd('\n').Split('\n').Select(text => text.TrimEnd())), one);
    }

    [Fact]
    public async Task Who_was_never_seen_may_still_come()
    {
        await using var api = await ApiAsync();
        api.Problem("GET /api/v1/machines/5254.0000.0099", 404, "Not found", "none")
            .Answer("GET /api/v1/events?of=52%3A54%3A00%3A00%3A00%3A99", "no", 503, "text/plain");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Failed, await run.RunAsync("events", "--of", "5254.0000.0099"));

        Assert.Contains("HTTP 503", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("events")]
    [InlineData("trace --follow")]
    public async Task Who_is_not_let_in_any_more_is_told_and_the_command_ends(string line)
    {
        await using var api = await ApiAsync();
        api.Answer("GET /api/v1/events", Events, type: "text/event-stream");
        var run = CtlRun.Against(api);

        var running = run.RunAsync(line.Split(' '));
        while (!api.Requests.Any(asked => asked.Line == "GET /api/v1/events"))
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        api.Problem("GET /api/v1/events", 401, "The token is missing or wrong", "no");

        Assert.Equal(ExitCode.Unreachable, await running);
        Assert.Contains("The token is missing or wrong", run.Error, StringComparison.Ordinal);
    }

    private static async Task<FakeApi> ApiAsync() => (await FakeApi.StartAsync())
        .Answer("GET /api/v1/machines", """{"items":[{"serial":"vm-001","macAddresses":["52:54:00:00:00:01"]}]}""")
        .Problem("GET /api/v1/machines/vm", 404, "Not found", "none")
        .Problem("GET /api/v1/machines/5254.0000.0001", 404, "Not found", "none");
}
