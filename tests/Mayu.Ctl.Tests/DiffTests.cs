using System.Text.Json.Nodes;
using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary><c>mayuctl diff</c>.</summary>
public sealed class DiffTests
{
    private const string Path = "GET /api/v1/machines/vm-001";

    private const string Before = """
        {"serial":"vm-001","hasRecord":true,"state":"installed","profile":"default","cabinet":"c1","enabled":true,"macAddresses":["52:54:00:00:00:01"],
         "overrides":{"swap":"8G","old":"1"},"versions":{"OS":"lab-os 1.0"}}
        """;

    private const string Now = """
        {"serial":"vm-001","hasRecord":true,"state":"running","profile":"core","enabled":true,"macAddresses":["52:54:00:00:00:01","52:54:00:00:00:02"],
         "overrides":{"swap":"16G"},"versions":{"OS":"lab-os 1.0"},"lastSeen":"2026-01-02T11:59:30Z","lastBoot":"2026-01-02T11:59:30Z",
         "hop":{"name":"complete","at":"2026-01-02T11:59:30Z"}}
        """;

    private const string Table = """
        FIELD           OLD                    NEW
        cabinet         "c1"                   -
        macAddresses    ["52:54:00:00:00:01"]  ["52:54:00:00:00:01","52:54:00:00:00:02"]
        overrides.old   "1"                    -
        overrides.swap  "8G"                   "16G"
        profile         "default"              "core"
        state           "installed"            "running"

        """;

    [Theory]
    [InlineData("diff vm-001 --from 2h", "?at=2026-01-02T10%3A00%3A00Z", "")]
    [InlineData("diff vm-001 --from 75cc184 --to 91ad03e", "?at=75cc184", "?at=91ad03e")]
    public async Task What_differs_is_told_and_what_is_only_seen_at_the_moment_is_not(string line, string from, string to)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Path + from, Before).Answer(Path + to, Now);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync(line.Split(' ')));

        Assert.Equal((Table, ""), (run.Out, run.Error));
        Assert.Equal(2, api.Requests.Count);
    }

    [Fact]
    public async Task Programs_get_names_and_both_values()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Path + "?at=75cc184", Before).Answer(Path, Now);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("diff", "vm-001", "--from", "75cc184", "-o", "json"));

        var changes = JsonNode.Parse(run.Out)!.AsArray();
        Assert.Equal("""{"name":"cabinet","old":"c1"}""", changes[0]!.ToJsonString());
        Assert.Equal("""{"name":"state","old":"installed","new":"running"}""", changes[^1]!.ToJsonString());
    }

    [Fact]
    public async Task The_same_record_says_so()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Path + "?at=75cc184", Before).Answer(Path, Before);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("diff", "vm-001", "--from", "75cc184"));

        Assert.Equal(("", "Nothing differs.\n"), (run.Out, run.Error));
    }

    [Fact]
    public async Task A_machine_that_had_no_record_then_is_not_found()
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem(Path + "?at=75cc184", 404, "Not found", "Machine vm-001 had no record at 75cc184.").Answer(Path, Before);
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.NotFound, await run.RunAsync("diff", "vm-001", "--from", "75cc184"));

        Assert.Equal("mayuctl: Not found: Machine vm-001 had no record at 75cc184.\n", run.Error);
    }

    [Theory]
    [InlineData("diff vm-001", "--from")]
    [InlineData("diff vm-001 --from yesterday!", "'yesterday!'")]
    [InlineData("diff vm-001 --from 2h --to soon", "'soon'")]
    public async Task Both_moments_have_a_form(string line, string expected)
    {
        var run = new CtlRun();

        Assert.Equal(ExitCode.Usage, await run.RunAsync(line.Split(' ')));

        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }
}
