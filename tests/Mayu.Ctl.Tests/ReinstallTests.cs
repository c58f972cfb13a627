using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary><c>reinstall</c>, <c>enable</c> and <c>disable</c>.</summary>
public sealed class ReinstallTests
{
    private const string Path = "/api/v1/machines/vm-001";

    private const string Machine = """
        {"serial":"vm-001","hasRecord":true,"state":"running","profile":"core","installedProfile":"default","image":"debian-12","enabled":true,"versions":{"OS":"lab-os 1.0"}}
        """;

    [Theory]
    [InlineData("reinstall vm-001", "y\n", ExitCode.Ok, """{"state":"configured","keepDiskData":false}""")]
    [InlineData("reinstall vm-001 --keep-disk --reason new", "y\n", ExitCode.Ok, """{"state":"configured","keepDiskData":true,"reason":"new"}""")]
    [InlineData("reinstall vm-001", "n\n", ExitCode.Failed, null)]
    [InlineData("reinstall vm-001", "", ExitCode.Failed, null)]
    public async Task A_person_sees_now_and_then_before_the_question(string line, string typed, int code, string? sent)
    {
        await using var api = await ApiAsync();
        var run = CtlRun.Against(api);
        (run.IsAttended, run.Input) = (true, typed);

        Assert.Equal(code, await run.RunAsync(line.Split(' ')));

        var keeps = line.Contains("--keep-disk", StringComparison.Ordinal) ? "yes" : "no";
        Assert.Equal(
            $"""
            VM-001          NOW                    THEN
            state           running                configured
            profile         default                core
            keep_disk_data  no                     {keeps}
            system disk     the system lab-os 1.0  overwritten with debian-12
            Install vm-001 again at its next network boot? [y/N]{" "}
            """,
            run.Error.Replace("Nothing was changed.\n", "", StringComparison.Ordinal));
        Assert.Equal(code == ExitCode.Ok ? "vm-001 is configured: its next network boot installs it\n" : "", run.Out);
        Assert.Equal(sent, api.Requests.Where(request => request.Line == $"PUT {Path}/state").Select(request => request.Body).SingleOrDefault());
    }

    [Theory]
    [InlineData("reinstall vm-001")]
    [InlineData("set vm-001 state configured")]
    [InlineData("delete vm-001")]
    public async Task What_was_agreed_to_is_done_to_the_machine_as_it_was_shown_and_no_other(string line)
    {
        await using var api = await ApiAsync();
        api.Tag = "\"t1\"";
        var change = line.StartsWith("delete", StringComparison.Ordinal) ? $"DELETE {Path}" : $"PUT {Path}/state";
        api.Problem(change, 412, "The record changed", "Machine vm-001 is not as it was when the change was prepared.");
        var run = CtlRun.Against(api);
        (run.IsAttended, run.Input) = (true, "y\n");

        Assert.Equal(ExitCode.Conflict, await run.RunAsync(line.Split(' ')));

        Assert.Equal("\"t1\"", api.IfMatch.Last());
        Assert.Equal(change, api.Requests.Last().Line);
    }

    [Fact]
    public async Task Yes_asks_nothing_and_looks_at_nothing_first()
    {
        await using var api = await ApiAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("reinstall", "vm-001", "--yes"));

        Assert.Equal(("", $"PUT {Path}/state"), (run.Error, Assert.Single(api.Requests).Line));
    }

    [Fact]
    public async Task Without_a_terminal_and_yes_nothing_is_changed()
    {
        await using var api = await ApiAsync();
        var run = CtlRun.Against(api);
        run.Input = "y\n";

        Assert.Equal(ExitCode.Usage, await run.RunAsync("reinstall", "vm-001"));

        Assert.Contains("There is no terminal to ask this on; answer it with --yes", run.Error, StringComparison.Ordinal);
        Assert.Equal("GET " + Path, Assert.Single(api.Requests).Line);
    }

    [Theory]
    [InlineData("vm", ExitCode.NotFound)]
    [InlineData("5254.0000.0001", ExitCode.Ok)]
    public async Task With_yes_the_beginning_of_a_serial_is_not_enough(string name, int code)
    {
        await using var api = await ApiAsync();
        api.Answer("GET /api/v1/machines", """{"items":[{"serial":"vm-001","macAddresses":["52:54:00:00:00:01"]}]}""")
            .Problem($"PUT /api/v1/machines/{name}/state", 404, "Not found", "none").Problem("GET /api/v1/machines/" + name, 404, "Not found", "none");
        var run = CtlRun.Against(api);

        Assert.Equal(code, await run.RunAsync("reinstall", name, "--yes"));

        Assert.Equal(code == ExitCode.Ok, api.Requests.Any(request => request.Line == $"PUT {Path}/state"));
    }

    [Theory]
    [InlineData("enable vm-001", """{"enabled":true}""", "vm-001 is enabled\n")]
    [InlineData("disable vm-001 --reason fan", """{"enabled":false,"reason":"fan"}""", "vm-001 is disabled: it boots nothing from the network\n")]
    public async Task A_machine_is_enabled_and_disabled(string line, string body, string told)
    {
        await using var api = await ApiAsync();
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync(line.Split(' ')));

        Assert.Equal((told, body), (run.Out, Assert.Single(api.Requests).Body));
    }

    private static async Task<FakeApi> ApiAsync() => (await FakeApi.StartAsync())
        .Answer("GET " + Path, Machine)
        .Answer("PATCH " + Path, Machine)
        .Answer($"PUT {Path}/state", Machine.Replace("running", "configured", StringComparison.Ordinal));
}
