using Mayu.Client.Tests;

namespace Mayu.Ctl.Tests;

/// <summary>The numbers that scripts rely on, as help and docs/operations.md tell them.</summary>
public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(400, 1)]
    [InlineData(401, 3)]
    [InlineData(403, 3)]
    [InlineData(404, 4)]
    [InlineData(409, 5)]
    [InlineData(412, 5)]
    [InlineData(429, 3)]
    [InlineData(500, 1)]
    [InlineData(503, 1)]
    public async Task A_refusal_has_the_number_of_its_kind(int status, int expected)
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem("PATCH /api/v1/machines/vm-001", status, "No", "for a reason");
        var run = CtlRun.Against(api);

        Assert.Equal(expected, await run.RunAsync("set", "vm-001", "profile", "core"));

        Assert.StartsWith("mayuctl: No: for a reason\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_not_the_apis_is_as_good_as_a_server_that_is_not_there()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/machines", "hello", 200, "text/plain");
        var run = CtlRun.Against(api);

        Assert.Equal(3, await run.RunAsync("list"));
    }
}
