using System.Text.Json.Nodes;
using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

public sealed class OtherCommandsTests
{
    [Theory]
    [InlineData("configured", "false", "vm-001 is configured: its next network boot installs it\n")]
    [InlineData("configured", "true", "vm-001 is configured: its next network boot installs it, and its config is told to keep the data disks\n")]
    [InlineData("running", "false", "vm-001 is running: it boots from its own disk\n")]
    public async Task Set_state_tells_what_comes_next(string state, string keep, string expected)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("PUT /api/v1/machines/vm-001/state", $$"""{"serial":"vm-001","state":"{{state}}","keepDiskData":{{keep}}}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("set", "vm-001", "state", state, "--yes", "--keep-disk-data", "--reason", "new \"image\""));

        Assert.Equal(expected, run.Out);
        var body = JsonNode.Parse(Assert.Single(api.Requests).Body)!;
        Assert.Equal((state, true, "new \"image\""), ((string?)body["state"], (bool)body["keepDiskData"]!, (string?)body["reason"]));
    }

    [Fact]
    public async Task A_change_that_the_server_refuses_is_told()
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem("PUT /api/v1/machines/vm-001/state", 409, "That is no step a machine can take", "it was never configured");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Refused, await run.RunAsync("set", "vm-001", "state", "installed"));

        Assert.Contains("it was never configured", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_shows_changes_and_their_reasons()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/history?limit=2&serial=vm-001", """
            {"items":[{"id":"0123456789abcdef","at":"2026-01-02T11:00:00Z","who":"operator","serial":"vm-001","what":"updated state to configured","why":"new disks"},
                      {"id":"fedcba98","at":"2026-01-02T10:00:00Z","who":"boot","serial":"vm-001","what":"first seen"}]}
            """);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("history", "vm-001", "--limit", "2"));

        Assert.Equal(
            """
            AT                    ID        WHO       SERIAL  WHAT                         WHY
            2026-01-02T11:00:00Z  01234567  operator  vm-001  updated state to configured  new disks
            2026-01-02T10:00:00Z  fedcba98  boot      vm-001  first seen                   -

            """,
            run.Out);
    }

    [Fact]
    public async Task An_empty_history_says_so()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/history?limit=50", """{"items":[]}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("history"));

        Assert.Equal(("", "Nothing was changed yet.\n"), (run.Out, run.Error));
    }

    [Fact]
    public async Task Version_shows_both_sides()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/version", """{"version":"9.8.7"}""");
        var table = CtlRun.Against(api);
        var json = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await table.RunAsync("version"));
        Assert.Equal(ExitCode.Ok, await json.RunAsync("version", "-o", "json"));

        Assert.Matches("^client  [0-9.]+\nserver  9.8.7\n$", table.Out);
        Assert.Equal("9.8.7", (string?)JsonNode.Parse(json.Out)!["server"]);
    }

    [Fact]
    public async Task Version_without_a_server_shows_its_own_and_tells_why_on_stderr()
    {
        await using var api = await FakeApi.StartAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("version", "--server", "https://127.0.0.1:1"));

        Assert.Matches("^client  [0-9.]+\nserver  -\n$", run.Out);
        Assert.Contains("nobody answers", run.Error, StringComparison.Ordinal);
    }
}
