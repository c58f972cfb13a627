using System.Net;
using System.Text.Json.Nodes;
using Mayu.Core.Machines;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

public sealed class PlanTests
{
    [Fact]
    public async Task A_pin_keeps_a_slot_and_an_address_until_its_machine_comes()
    {
        await using var server = await TestServer.StartAsync();

        await server.ChangeAsync(HttpMethod.Put, "pins/mac:52-54-00-00-00-07", new JsonObject { ["profile"] = "default", ["reason"] = "the big one" });
        var pin = await server.ChangeAsync(HttpMethod.Put, "pins/52:54:00:00:00:07", new JsonObject { ["address"] = "127.0.0.12" });
        var listed = (await server.GetAsync("pins"))["items"]!.AsArray();
        var reserved = (int)(await server.GetAsync("addresses"))["pools"]![0]!["reserved"]!;
        await server.RegisterAsync("a", number: 7);
        var machine = await server.MachineAsync("a");

        Assert.Equal(("mac:52:54:00:00:00:07", "default", "127.0.0.12"), ((string?)pin["key"], (string?)pin["profile"], (string?)pin["address"]));
        Assert.Equal("mac:52:54:00:00:00:07", (string?)Assert.Single(listed)!["key"]);
        Assert.Equal(1, reserved);
        Assert.Equal(("default", "127.0.0.12"), ((string?)machine["profile"], (string?)machine["internalAddress"]));
        Assert.Empty((await server.GetAsync("pins"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_pin_is_taken_away_and_a_key_may_hold_a_slash()
    {
        await using var server = await TestServer.StartAsync();
        await server.ChangeAsync(HttpMethod.Put, "pins/%2F0001%2Fcn", new JsonObject { ["profile"] = "core" });

        var shown = await server.GetAsync("pins/serial:%2F0001%2Fcn");
        var removed = await server.ChangeAsync(HttpMethod.Delete, "pins/%2F0001%2Fcn?reason=gone");

        Assert.Equal("serial:/0001/cn", (string?)shown["key"]);
        Assert.Equal("core", (string?)removed["profile"]);
        Assert.Contains("mayuctl pins", await server.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, "pins/%2F0001%2Fcn"), StringComparison.Ordinal);
        await server.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "pins/%2F0001%2Fcn");
    }

    [Theory]
    [InlineData("a", """{}""", HttpStatusCode.BadRequest, "a profile, an address, or both")]
    [InlineData("a", """{"profile":"nope"}""", HttpStatusCode.BadRequest, "core, default")]
    [InlineData("a", """{"address":"x"}""", HttpStatusCode.BadRequest, "no IPv4 address")]
    [InlineData("a", """{"address":"10.9.9.9"}""", HttpStatusCode.Conflict, "internal_range")]
    [InlineData("mac:xx", """{"profile":"core"}""", HttpStatusCode.BadRequest, "no MAC")]
    [InlineData("known", """{"profile":"core"}""", HttpStatusCode.Conflict, "mayuctl set known profile")]
    public async Task A_pin_that_makes_no_sense_is_explained(string key, string body, HttpStatusCode status, string reason)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("known");

        Assert.Contains(reason, await server.RefusedAsync(status, HttpMethod.Put, $"pins/{key}", JsonNode.Parse(body)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profiles_tell_their_slots_and_what_they_require()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2}, {name: big, quantity: 1, requires: {memory: 64GiB}}]");
        await server.RegisterAsync("a");
        await server.ChangeAsync(HttpMethod.Put, "pins/b", new JsonObject { ["profile"] = "core" });
        await server.ChangeAsync(HttpMethod.Put, "pins/c", new JsonObject { ["profile"] = "core" });

        var profiles = await server.GetAsync("profiles");
        var ready = await server.ApiWithoutToken.GetStringAsync("/readyz", TestContext.Current.CancellationToken);

        var core = profiles["items"]![0]!;
        Assert.Equal(("core", 2, 1, 2, 0, true), ((string?)core["name"], (int)core["quantity"]!, (int)core["used"]!, (int)core["pinned"]!, (int)core["free"]!, (bool)core["overFull"]!));
        Assert.Equal(64L << 30, (long)profiles["items"]![1]!["requires"]!["memoryBytes"]!);
        Assert.Null(profiles["items"]![2]!["quantity"]);
        Assert.Empty(profiles["orphaned"]!.AsArray());
        Assert.Contains("over-full: profile core has 2 slots, 1 machines and 2 pins", ready, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_machines_have_and_the_configuration_lost_is_orphaned_and_evicts_nobody()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2}]");
        await server.RegisterAsync("a");
        await server.Store.ChangeAsync(
            new Author("somebody"),
            snapshot => new Proposal.Put(snapshot.Machines.Single() with { Profile = "gone" }, "an older configuration had this profile"),
            TestContext.Current.CancellationToken);

        var orphan = Assert.Single((await server.GetAsync("profiles"))["orphaned"]!.AsArray())!;
        var ready = await server.ApiWithoutToken.GetStringAsync("/readyz", TestContext.Current.CancellationToken);

        Assert.Equal(("gone", 1), ((string?)orphan["name"], (int)orphan["used"]!));
        Assert.Contains("orphaned: profile gone is not in the configuration; 1 machines", ready, StringComparison.Ordinal);
        Assert.Equal("gone", (string?)(await server.MachineAsync("a"))["profile"]);
    }

    [Fact]
    public async Task A_pool_counts_each_address_once_and_its_end_is_told_by_readiness()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 9}]");
        await server.RegisterAsync("a", 1);
        var one = (await server.GetAsync("addresses"))["pools"]![0]!;
        await server.RegisterAsync("b", 2);
        await server.RegisterAsync("c", 3);
        var full = (await server.GetAsync("addresses"))["pools"]![0]!;
        var ready = await server.ApiWithoutToken.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(("internal", "127.0.0.10", "127.0.0.12", 3, 1, 2), ((string?)one["name"], (string?)one["start"], (string?)one["end"], (int)one["size"]!, (int)one["used"]!, (int)one["free"]!));
        Assert.Equal((3, 0), ((int)full["used"]!, (int)full["free"]!));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Contains("alarm: address pool internal", await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
