using System.Net;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.BootHttp;
using Mayu.Storage.Git;

namespace Mayu.Server.Tests.Api;

[Collection(nameof(MeasuringAlone))]
public sealed class HistoryTests
{
    [Fact]
    public async Task A_rollback_takes_back_what_operators_changed_and_brings_a_deleted_machine_back()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        var before = (string)(await server.GetAsync("history?serial=a&limit=1"))["items"]![0]!["id"]!;
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["cabinet"] = "wrong" });

        var was = await server.GetAsync($"machines/a?at={before}");
        var rolledBack = await server.ChangeAsync(HttpMethod.Post, "machines/a/rollback", new JsonObject { ["to"] = before[..10], ["reason"] = "oops" });
        await server.ChangeAsync(HttpMethod.Delete, "machines/a?force=true");
        var restored = await server.ChangeAsync(HttpMethod.Post, "machines/a/rollback", new JsonObject { ["to"] = before });

        Assert.Null(was["cabinet"]);
        Assert.Null(rolledBack["cabinet"]);
        Assert.Equal(("a", "core"), ((string?)restored["serial"], (string?)restored["profile"]));
    }

    [Fact]
    public async Task A_machine_that_ran_when_it_was_deleted_is_not_installed_again_by_a_rollback_to_a_time_before()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        var installing = (string)(await server.GetAsync("history?serial=a&limit=1"))["items"]![0]!["id"]!;
        await server.ChangeAsync(HttpMethod.Put, "machines/a/state", new JsonObject { ["state"] = "running" });
        await server.ChangeAsync(HttpMethod.Delete, "machines/a?force=true");
        var restored = await server.ChangeAsync(HttpMethod.Post, "machines/a/rollback", new JsonObject { ["to"] = installing });

        Assert.Equal("running", (string?)restored["state"]);
    }

    [Fact]
    public async Task A_machine_is_shown_as_it_was_at_a_time()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");

        Assert.Equal("a", (string?)(await server.GetAsync("machines/a?at=2100-01-01T00:00:00Z"))["serial"]);
        var detail = await server.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "machines/a?at=2020-01-01T00:00:00%2B01:00");

        Assert.Contains("had no record", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_is_asked_for_by_author_field_and_time()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["cabinet"] = "c1" });

        var mine = (await server.GetAsync("history?who=operator&fields=true"))["items"]!.AsArray();
        var cabinets = (await server.GetAsync("history?field=cabinet"))["items"]!.AsArray();
        var none = (await server.GetAsync("history?until=2020-01-01T00:00:00Z"))["items"]!.AsArray();
        var older = (await server.GetAsync($"history?before={mine[0]!["id"]}"))["items"]!.AsArray();

        Assert.Equal("c1", (string?)Assert.Single(mine)!["fields"]!.AsArray().Single(field => (string?)field!["name"] == "Cabinet")!["new"]);
        Assert.Single(cabinets);
        Assert.Empty(none);
        Assert.NotEmpty(older);
        Assert.All(older, change => Assert.NotEqual("operator", (string?)change!["who"]));
        var abbreviated = (await server.GetAsync($"history?before={((string)mine[0]!["id"]!)[..7]}"))["items"]!.AsArray();
        Assert.Equal(older.Select(change => (string?)change!["id"]), abbreviated.Select(change => (string?)change!["id"]));
    }

    [Fact]
    public async Task Who_has_the_token_sees_all_that_a_change_did_to_a_record_secrets_too()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        await server.ChangeAsync(HttpMethod.Put, "machines/a/overrides/join_token", new JsonObject { ["value"] = "hunter2" });

        var fields = (await server.GetAsync("history?limit=1&fields=true"))["items"]![0]!["fields"]!.AsArray();

        Assert.Contains("hunter2", Assert.Single(fields)!["new"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "machines/a?at=c0ffee0", null)]
    [InlineData("POST", "machines/a/rollback", """{"to":"c0ffee0"}""")]
    [InlineData("GET", "history?before=c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0c0ffee", null)]
    [InlineData("GET", "history?before=c0ffee0", null)]
    public async Task A_change_that_there_is_not_is_not_found(string method, string path, string? body)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");

        var detail = await server.RefusedAsync(HttpStatusCode.NotFound, new HttpMethod(method), path, body is null ? null : JsonNode.Parse(body));

        Assert.Contains("c0ffee0", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_tells_of_a_remote_that_cannot_be_pushed_to_and_not_where_it_is()
    {
        await using var server = await TestServer.StartAsync(
            options: new GitOptions { PushRemote = "http://127.0.0.1:9/cluster.git", PushDelay = TimeSpan.FromMilliseconds(1) });
        while (server.Store.Push is { Error: null })
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        var started = await server.ApiWithoutToken.GetStringAsync("/readyz", TestContext.Current.CancellationToken);
        await server.RegisterAsync("a");
        var ready = await server.ApiWithoutToken.GetStringAsync("/readyz", TestContext.Current.CancellationToken);

        Assert.Contains(
            "\npush: the last try failed, and the log says why; nothing was pushed since the start, so it is not known which commits the remote has\n", started, StringComparison.Ordinal);
        Assert.Matches("\npush: the last try failed, and the log says why; the remote lacks the [1-9] commits? since the start, and it is not known whether it has those before\n", ready);
        Assert.DoesNotContain("127.0.0.1:9", ready, StringComparison.Ordinal);
        var metrics = await server.ApiWithoutToken.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Matches(@"(?m)^mayu_push_failing(\{[^}]*\})? 1(\s|$)", metrics);
        Assert.Matches(@"(?m)^mayu_push_commits_behind(\{[^}]*\})? [1-9]", metrics);
        Assert.Matches(@"(?m)^mayu_push_lag_seconds(\{[^}]*\})? [0-9.]+", metrics);
        Assert.DoesNotContain("127.0.0.1:9", metrics, StringComparison.Ordinal);
    }
}
