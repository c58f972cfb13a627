using System.Text.Json.Nodes;
using Mayu.Client.Tests;

namespace Mayu.Ctl.Tests;

public sealed class TokenTests
{
    private const string Made = """{"name": "ci", "role": "operator", "scope": "rack=7", "created": "2026-01-02T12:00:00Z", "expires": "2026-04-02T12:00:00Z", "token": "mayu_00ff"}""";

    [Fact]
    public async Task A_new_token_alone_is_on_standard_output()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("POST /api/v1/tokens", Made, 201);
        var run = CtlRun.Against(api);
        Assert.Equal(0, await run.RunAsync("token", "create", "ci", "--role", "operator", "--scope", "rack=7", "--expires", "90d"));
        Assert.Equal("mayu_00ff\n", run.Out);
        Assert.Equal("Token ci, role operator. It is printed this one time:\n", run.Error);
        var sent = JsonNode.Parse(api.Requests.Single().Body)!;
        Assert.Equal(("ci", "operator", "rack=7", "2026-04-02T12:00:00+00:00"), ((string?)sent["name"], (string?)sent["role"], (string?)sent["scope"], (string?)sent["expires"]));
    }

    [Theory]
    [InlineData("90")]
    [InlineData("0d")]
    [InlineData("3651d")]
    [InlineData("-1d")]
    [InlineData("1h")]
    public async Task The_end_is_a_number_of_days(string expires)
    {
        var run = new CtlRun();
        Assert.Equal(2, await run.RunAsync("token", "create", "ci", "--role", "operator", $"--expires={expires}"));
        Assert.StartsWith($"mayuctl: --expires '{expires}' is not a number of days from 1d to 3650d.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_shows_no_text_of_a_token()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/tokens", """{"items": [{"name": "ci", "role": "operator", "scope": "rack=7", "created": "2026-01-02T12:00:00Z", "lastUsed": "2026-01-02T12:30:00Z"}, {"name": "grafana", "role": "viewer", "created": "2026-01-02T12:00:00Z", "expires": "2026-04-02T12:00:00Z"}]}""");
        var run = CtlRun.Against(api);
        Assert.Equal(0, await run.RunAsync("token", "list"));
        Assert.Equal(
            """
            NAME     ROLE      SCOPE   EXPIRES               LAST USED
            ci       operator  rack=7  never                 2026-01-02T12:30:00Z
            grafana  viewer    all     2026-04-02T12:00:00Z  -

            """,
            string.Join('\n', run.Out.Split('\n').Select(line => line.TrimEnd())), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Revoking_names_the_token()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("DELETE /api/v1/tokens/ci%40x", """{"name": "ci@x", "role": "viewer", "created": "2026-01-02T12:00:00Z"}""");
        var run = CtlRun.Against(api);
        Assert.Equal(0, await run.RunAsync("token", "revoke", "ci@x"));
        Assert.Equal("ci@x is revoked\n", run.Out);
    }
}
