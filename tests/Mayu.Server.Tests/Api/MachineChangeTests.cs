using System.Net;
using System.Text.Json.Nodes;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

public sealed class MachineChangeTests
{
    [Fact]
    public async Task Fields_that_one_request_names_change_in_one_change_with_its_reason()
    {
        await using var server = await TestServer.StartAsync();
        await server.ConfigureAsync("a");

        var machine = await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject
        {
            ["profile"] = "default",
            ["enabled"] = false,
            ["hostname"] = "node-7",
            ["metadata"] = new JsonArray("rack=7"),
            ["internalAddress"] = "127.0.0.12",
            ["bmcAddress"] = "10.0.0.77",
            ["providerId"] = "p-1",
            ["cabinet"] = "c1",
            ["reason"] = "moved",
        });

        Assert.Equal(
            ("default", false, "node-7", "rack=7", "127.0.0.12", "10.0.0.77", "p-1", "c1"),
            ((string?)machine["profile"], (bool)machine["enabled"]!, (string?)machine["hostname"], (string?)machine["metadata"]![0],
                (string?)machine["internalAddress"], (string?)machine["bmcAddress"], (string?)machine["providerId"], (string?)machine["cabinet"]));
        var change = (await server.GetAsync("history?limit=1"))["items"]![0]!;
        Assert.Equal(("operator", "moved"), ((string?)change["who"], (string?)change["why"]));
        Assert.Contains("moved to profile default", (string?)change["what"], StringComparison.Ordinal);
        Assert.Contains("renamed to node-7", (string?)change["what"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mac_that_another_machine_has_too_is_taken_with_a_warning()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a", number: 1);
        await server.RegisterAsync("b", number: 2);
        var own = await server.ChangeAsync(HttpMethod.Patch, "machines/b", new JsonObject { ["macAddresses"] = new JsonArray("52:54:00:00:00:77") });
        var mac = (string)(await server.MachineAsync("a"))["macAddresses"]![0]!;

        var shared = await server.ChangeAsync(HttpMethod.Patch, "machines/b", new JsonObject { ["macAddresses"] = new JsonArray("52:54:00:00:00:77", mac) });

        Assert.Null(own["warning"]);
        Assert.Equal($"{mac} is also a MAC of machine a. If that is a mistake, correct it: a boot from it may be taken for either.", (string?)shared["warning"]);
    }

    [Theory]
    [InlineData("keys", "hunter2", "The override keys cannot stand for a list, which the variable is in vars: an override is a text, a number, true or false.")]
    [InlineData("map", "hunter2", "The override map cannot stand for a map, which the variable is in vars")]
    [InlineData("disks", "hunter2", "The override disks must be a number, as the variable is in vars.")]
    [InlineData("disks", "0644", "The override disks must be a number")]
    [InlineData("debug", "1", "The override debug must be true or false, as the variable is in vars.")]
    [InlineData("etcd_token", "hunter2", "The override etcd_token must be a discovery token: 32 hexadecimal digits, lower case.")]
    public async Task An_override_of_another_type_is_refused_when_it_is_set(string name, string value, string expected)
    {
        await using var server = await TestServer.StartAsync("vars: {keys: [a], map: {a: 1}, disks: 2, debug: false, motd: x}");
        await server.ConfigureAsync("a");
        var detail = await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Put, $"machines/a/overrides/{name}", new JsonObject { ["value"] = value });
        Assert.StartsWith(expected, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", detail, StringComparison.Ordinal);
        Assert.Empty((await server.MachineAsync("a"))["overrides"]!.AsObject());
    }

    [Theory]
    [InlineData("motd", "hello there", null)]
    [InlineData("disks", "4", null)]
    [InlineData("debug", "true", null)]
    [InlineData("hostname", "node-7", null)]
    [InlineData("etcd_token", "0123456789abcdef0123456789abcdef", null)]
    [InlineData("own", "x", null)]
    [InlineData("ssh_authorized_keys", "x", null)]
    [InlineData("mtd", "x", "No template and no key of vars has the name mtd, so it has no effect; did you mean \"motd\"?")]
    [InlineData("ow", "x", "No template and no key of vars has the name ow, so it has no effect.")]
    public async Task An_override_that_nothing_reads_is_taken_with_a_warning(string name, string value, string? expected)
    {
        await using var server = await TestServer.StartAsync("vars: {disks: 2, debug: false, motd: x}");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(server.Folder, "templates", "generic")).FullName, "core.txt"), "{{ vars.own | uri }}");
        await server.ConfigureAsync("a");
        var machine = await server.ChangeAsync(HttpMethod.Put, $"machines/a/overrides/{name}", new JsonObject { ["value"] = value });
        Assert.Equal((value, expected), ((string?)machine["overrides"]![name], (string?)machine["warning"]));
        Assert.Null((await server.MachineAsync("a"))["warning"]);
    }

    [Fact]
    public async Task Of_fields_that_do_not_go_together_none_changes()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");

        var detail = await server.RefusedAsync(
            HttpStatusCode.BadRequest, HttpMethod.Patch, "machines/a", new JsonObject { ["cabinet"] = "c1", ["hostname"] = "Not A Name" });

        Assert.Contains("RFC 1123", detail, StringComparison.Ordinal);
        Assert.Null((await server.MachineAsync("a"))["cabinet"]);
    }

    [Theory]
    [InlineData("""{}""", "names no field")]
    [InlineData("""{"reason":"why"}""", "names no field")]
    [InlineData("""{"colour":"red"}""", "$")]
    [InlineData("""{"profile":"nope"}""", "core, default")]
    [InlineData("""{"internalAddress":"127.0.0"}""", "not an IPv4 address")]
    [InlineData("""{"internalAddress":"10.9.9.9"}""", "network.internal_range")]
    [InlineData("""{"bmcAddress":"x"}""", "not an IPv4 address")]
    [InlineData("""{"metadata":["a",null]}""", "null")]
    [InlineData("""{"enabled":"yes"}""", "$.enabled")]
    public async Task A_request_that_makes_no_sense_is_explained(string body, string reason)
    {
        await using var server = await TestServer.StartAsync();
        await server.ConfigureAsync("a");

        using var answer = await server.SendAsync(HttpMethod.Patch, "machines/a", JsonNode.Parse(body));

        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict, answer.StatusCode.ToString());
        Assert.Contains(reason, await TestServer.DetailOf(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PATCH", "machines/nobody", """{"cabinet":"x"}""")]
    [InlineData("PUT", "machines/nobody/overrides/x", """{"value":"x"}""")]
    [InlineData("DELETE", "machines/nobody/overrides/x", null)]
    [InlineData("POST", "machines/nobody/conflict", """{"verdict":"accept"}""")]
    [InlineData("DELETE", "machines/nobody", null)]
    [InlineData("PUT", "machines/nobody/state", """{"state":"configured"}""")]
    public async Task A_machine_that_nobody_knows_is_not_found(string method, string path, string? body)
    {
        await using var server = await TestServer.StartAsync();

        var detail = await server.RefusedAsync(HttpStatusCode.NotFound, new HttpMethod(method), path, body is null ? null : JsonNode.Parse(body));

        Assert.Contains("no machine nobody", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PATCH", "machines/a")]
    [InlineData("PUT", "machines/a/overrides/x")]
    [InlineData("DELETE", "machines/a/overrides/x")]
    [InlineData("POST", "machines/a/rollback")]
    [InlineData("POST", "machines/a/conflict")]
    [InlineData("DELETE", "machines/a")]
    [InlineData("GET", "pins")]
    [InlineData("PUT", "pins/a")]
    [InlineData("DELETE", "pins/a")]
    [InlineData("GET", "profiles")]
    [InlineData("GET", "addresses")]
    public async Task Without_a_token_nothing_is_told_and_nothing_changes(string method, string path)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");

        using var answer = await server.ApiWithoutToken.SendAsync(new HttpRequestMessage(new HttpMethod(method), "/api/v1/" + path), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(1, server.Store.Current.Count);
    }

    [Fact]
    public async Task An_override_is_set_and_taken_away_and_its_value_stands_in_no_subject()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");

        var set = await server.ChangeAsync(HttpMethod.Put, "machines/a/overrides/join_token", new JsonObject { ["value"] = "hunter2", ["reason"] = "new" });
        var list = await server.Api.GetStringAsync("/api/v1/history", TestContext.Current.CancellationToken);
        var removed = await server.ChangeAsync(HttpMethod.Delete, "machines/a/overrides/join_token?reason=old");

        Assert.Equal("hunter2", (string?)set["overrides"]!["join_token"]);
        Assert.Null(removed["overrides"]?["join_token"]);
        Assert.DoesNotContain("hunter2", list, StringComparison.Ordinal);
        Assert.Equal("old", (string?)(await server.GetAsync("history?limit=1"))["items"]![0]!["why"]);
        await server.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, "machines/a/overrides/join_token");
        await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Put, "machines/a/overrides/no-name", new JsonObject { ["value"] = "x" });
        await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Put, "machines/a/overrides/x", new JsonObject());
    }

    [Fact]
    public async Task A_machine_that_runs_is_deleted_only_by_force_and_is_gone_from_every_list()
    {
        await using var server = await TestServer.StartAsync();
        await server.RunAsync("a");

        var refused = await server.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Delete, "machines/a");
        var deleted = await server.ChangeAsync(HttpMethod.Delete, "machines/a?force=true&reason=sold");

        Assert.Contains("--force", refused, StringComparison.Ordinal);
        Assert.Equal(("a", "running"), ((string?)deleted["serial"], (string?)deleted["state"]));
        Assert.Empty((await server.GetAsync("machines"))["items"]!.AsArray());
        Assert.Equal("sold", (string?)(await server.GetAsync("history?serial=a&limit=1"))["items"]![0]!["why"]);
    }

    [Fact]
    public async Task A_profile_that_changed_since_the_installation_is_shown_until_the_next_one()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}, {name: other, quantity: 3}]");
        await server.RunAsync("a");
        Assert.Equal(("core", "core"), await ProfilesAsync(server));
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["profile"] = "other" });
        Assert.Equal(("other", "core"), await ProfilesAsync(server));
        await server.ChangeAsync(HttpMethod.Put, "machines/a/state", new JsonObject { ["state"] = "configured" });
        Assert.Equal(("other", null), await ProfilesAsync(server));
        await server.RunAsync("a");
        Assert.Equal(("other", "other"), await ProfilesAsync(server));
    }

    [Fact]
    public async Task Of_a_machine_that_an_older_Mayu_installed_the_profile_is_known_once_it_moves()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 3}, {name: other, quantity: 3}]");
        await server.RunAsync("a");
        await server.Store.ChangeAsync(
            new Author("test"), snapshot => new Proposal.Put(snapshot.Machines.Single() with { InstalledProfile = null }, "older"), TestContext.Current.CancellationToken);
        Assert.Equal(("core", null), await ProfilesAsync(server));

        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["profile"] = "other" });

        Assert.Equal(("other", "core"), await ProfilesAsync(server));
    }

    private static async Task<(string? Now, string? Installed)> ProfilesAsync(TestServer server) =>
        await server.MachineAsync("a") is var machine ? ((string?)machine["profile"], (string?)machine["installedProfile"]) : default;

    [Fact]
    public async Task A_machine_that_was_only_seen_booting_is_deleted_too_and_nobody_is_not()
    {
        await using var server = await TestServer.StartAsync();
        Assert.True(Serial.TryParse("simulated-1", out var serial, out _));
        server.Trace.Mark(serial, HopKind.Script, "x");

        var deleted = await server.ChangeAsync(HttpMethod.Delete, "machines/simulated-1");

        Assert.Equal(("simulated-1", false), ((string?)deleted["serial"], (bool)deleted["hasRecord"]!));
        Assert.Empty((await server.GetAsync("machines"))["items"]!.AsArray());
        Assert.Contains("There is no machine simulated-1", await server.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, "machines/simulated-1"), StringComparison.Ordinal);
        Assert.Contains("no machine simulated-1", await server.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "history?serial=simulated-1"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "machines/a?at=yesterday", "RFC 3339")]
    [InlineData("GET", "machines/a?at=2026-01-02T03:04:05", "RFC 3339")]
    [InlineData("GET", "machines/a?att=2026-01-02T03:04:05Z", "unknown")]
    [InlineData("DELETE", "machines/a?force=yes", "true or false")]
    [InlineData("DELETE", "machines/a?forse=true", "unknown")]
    [InlineData("GET", "history?limit=0", "limit")]
    [InlineData("GET", "history?limit=5&limit=6", "once")]
    [InlineData("GET", "history?since=soon", "RFC 3339")]
    [InlineData("GET", "history?fields=1", "true or false")]
    [InlineData("GET", "history?serail=a", "unknown")]
    public async Task A_query_that_makes_no_sense_is_explained(string method, string path, string reason)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");

        Assert.Contains(reason, await server.RefusedAsync(HttpStatusCode.BadRequest, new HttpMethod(method), path), StringComparison.Ordinal);
        Assert.Equal(1, server.Store.Current.Count);
    }

    [Fact]
    public async Task The_claim_of_a_second_machine_with_a_serial_is_shown_and_accepted()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        using var second = await server.AskForConfigAsync("a", number: 2);
        var ready = await server.ApiWithoutToken.GetStringAsync("/readyz", TestContext.Current.CancellationToken);

        var claim = (await server.MachineAsync("a"))["conflict"]!;
        await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "machines/a/conflict", new JsonObject());
        var resolved = await server.ChangeAsync(HttpMethod.Post, "machines/a/conflict", new JsonObject { ["verdict"] = "accept" });

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Contains("conflict: another machine may be a", ready, StringComparison.Ordinal);
        Assert.Equal("52:54:00:00:00:02", (string?)claim["macAddresses"]![0]);
        Assert.Equal(("52:54:00:00:00:02", null), ((string?)resolved["macAddresses"]![0], resolved["conflict"]));
    }
}
