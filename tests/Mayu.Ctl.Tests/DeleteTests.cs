using Mayu.Client.Tests;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Tests;

/// <summary><c>delete</c>: what it shows, asks and does.</summary>
public sealed class DeleteTests
{
    private const string Machine = """{"serial":"vm-001","hasRecord":true,"state":"running","profile":"core","internalAddress":"10.0.0.5","enabled":true}""";
    private const string Path = "/api/v1/machines/vm-001";

    [Theory]
    [InlineData("y\n", ExitCode.Ok, 1)]
    [InlineData("n\n", ExitCode.Failed, 0)]
    [InlineData("\n", ExitCode.Failed, 0)]
    [InlineData("", ExitCode.Failed, 0)]
    public async Task Delete_asks_a_person(string typed, int code, int requests)
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET " + Path, Machine).Answer("DELETE " + Path, Machine);
        var run = CtlRun.Against(api);
        (run.Input, run.IsAttended) = (typed, true);

        Assert.Equal(code, await run.RunAsync("delete", "vm-001"));

        Assert.StartsWith(
            $"""
            VM-001       NOW                           THEN
            state        running                       no record: it is a new machine at its next network boot
            profile      core                          none, and its slot is free
            address      10.0.0.5                      free for others
            system disk  the system that is installed  as it is
            Delete the record of machine vm-001? [y/N]{" "}
            """,
            run.Error,
            StringComparison.Ordinal);
        Assert.Equal(requests, api.Requests.Count(request => request.Line.StartsWith("DELETE", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Delete_of_a_machine_that_was_only_seen_says_that_its_trace_is_gone()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("DELETE " + Path, """{"serial":"vm-001","hasRecord":false,"state":"unknown"}""");
        var run = CtlRun.Against(api);

        Assert.Equal(ExitCode.Ok, await run.RunAsync("delete", "vm-001", "--yes"));

        Assert.Equal("vm-001 had no record. Its boot trace is deleted\n", run.Out);
    }

    [Fact]
    public async Task Delete_does_nothing_unasked_where_nobody_can_be_asked()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET " + Path, Machine);
        var run = CtlRun.Against(api);
        run.Input = "y\n";

        Assert.Equal(ExitCode.Usage, await run.RunAsync("delete", "vm-001"));

        Assert.Contains("--yes", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("GET", Assert.Single(api.Requests).Line, StringComparison.Ordinal);
    }
}
