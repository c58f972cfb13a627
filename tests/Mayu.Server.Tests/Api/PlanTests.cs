using System.Net;
using System.Text.Json.Nodes;
using Mayu.Core.Machines;
using Mayu.Netboot.Leases;
using Mayu.Primitives;
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
    [InlineData("a", """{"address":"x"}""", HttpStatusCode.BadRequest, "not an IPv4 address")]
    [InlineData("a", """{"address":"10.9.9.9"}""", HttpStatusCode.Conflict, "internal_range")]
    [InlineData("mac:xx", """{"profile":"core"}""", HttpStatusCode.BadRequest, "not a MAC")]
    [InlineData("known", """{"profile":"core"}""", HttpStatusCode.Conflict, "mayuctl set known profile")]
    public async Task A_pin_that_makes_no_sense_is_explained(string key, string body, HttpStatusCode status, string reason)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("known");

        Assert.Contains(reason, await server.RefusedAsync(status, HttpMethod.Put, $"pins/{key}", JsonNode.Parse(body)), StringComparison.Ordinal);
    }

    // It was headed "The machine conflicts with another".
    [Fact]
    public async Task The_heading_of_a_conflict_is_true_of_an_address_outside_the_range_too()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Put, "pins/a", new JsonObject { ["address"] = "10.9.9.9" });

        Assert.Contains("\"title\":\"The change is not possible\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profiles_tell_their_slots_and_what_they_require()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 2}, {name: big, quantity: 1, requires: {memory: 64GiB}}]");
        await server.RegisterAsync("a");
        var last = await server.ChangeAsync(HttpMethod.Put, "pins/b", new JsonObject { ["profile"] = "core" });
        var beyond = await server.ChangeAsync(HttpMethod.Put, "pins/c", new JsonObject { ["profile"] = "core" });

        var profiles = await server.GetAsync("profiles");
        var ready = await server.ApiWithoutToken.GetStringAsync("/readyz", TestContext.Current.CancellationToken);

        Assert.Null(last["warning"]);
        Assert.Equal("Profile core is over-full: it has 2 slots, 1 machine and 2 pins. Raise its quantity, or move machines", (string?)beyond["warning"]);
        var core = profiles["items"]![0]!;
        Assert.Equal(("core", 2, 1, 2, 0, true), ((string?)core["name"], (int)core["quantity"]!, (int)core["used"]!, (int)core["pinned"]!, (int)core["free"]!, (bool)core["overFull"]!));
        Assert.Equal(64L << 30, (long)profiles["items"]![1]!["requires"]!["memoryBytes"]!);
        Assert.Null(profiles["items"]![2]!["quantity"]);
        Assert.Empty(profiles["orphaned"]!.AsArray());
        Assert.Contains("over-full: profile core has 2 slots, 1 machine and 2 pins", ready, StringComparison.Ordinal);
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
        Assert.Contains("orphaned: profile gone is not in the configuration; it is the profile of 1 machine and 0 pins", ready, StringComparison.Ordinal);
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
        Assert.Contains(
            "alarm: address pool internal 127.0.0.10-127.0.0.12 is full: new machines are refused. Widen network.internal_range, or delete machines that are gone\n",
            await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pools_of_dhcp_are_listed_behind_the_internal_one()
    {
        await using var server = await TestServer.StartAsync();
        Assert.True(Ipv4Subnet.TryParse("10.0.0.0/24", out var subnet));
        server.Engine.Pools = [new DhcpPoolUse(subnet!, new Ipv4Range(Address("10.0.0.50"), Address("10.0.0.59"))) { Leased = 3, Occupied = 1, Kept = 2, Free = 3 }];

        var pools = (await server.GetAsync("addresses"))["pools"]!.AsArray();

        Assert.Equal(["internal", "dhcp 10.0.0.0/24"], pools.Select(pool => (string?)pool!["name"]));
        var dhcp = pools[1]!;
        Assert.Equal(("10.0.0.50", "10.0.0.59"), ((string?)dhcp["start"], (string?)dhcp["end"]));
        string[] uses = ["size", "used", "reserved", "excluded", "occupied", "free"];
        Assert.Equal([10, 3, 2, 1, 1, 3], uses.Select(use => (int)dhcp[use]!));
    }

    [Fact]
    public async Task Leases_tell_address_mac_machine_state_and_end_and_what_is_not_known_of_them()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a", number: 7);
        Assert.True(MacAddress.TryParse("52:54:00:00:00:07", out var known));
        Assert.True(MacAddress.TryParse("52:54:00:00:00:99", out var unknown));
        var end = new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);
        server.Engine.UnknownLeases = "Another server has the rest.";
        server.Engine.PoolLeases =
        [
            new PoolLease(Address("10.0.0.200"), unknown, LeaseState.Offered, HasEnded: false, end),
            new PoolLease(Address("10.0.0.51"), known, LeaseState.Trial, HasEnded: false, end),
            new PoolLease(Address("10.0.0.52"), unknown, LeaseState.Bound, HasEnded: true, end),
            new PoolLease(Address("10.0.0.53"), null, LeaseState.Released, HasEnded: true, EndsAt: null),
        ];

        var answer = await server.GetAsync("leases");

        Assert.Equal("Another server has the rest.", (string?)answer["unknown"]);
        Assert.Equal(
            [
                "10.0.0.51 52:54:00:00:00:07 a leased 2026-01-02T12:00:00+00:00",
                "10.0.0.52 52:54:00:00:00:99  expired 2026-01-02T12:00:00+00:00",
                "10.0.0.53   released ",
                "10.0.0.200 52:54:00:00:00:99  offered 2026-01-02T12:00:00+00:00",
            ],
            answer["items"]!.AsArray().Select(lease => $"{lease!["address"]} {lease["mac"]} {lease["serial"]} {lease["state"]} {lease["until"]}"));
    }

    private static Ipv4 Address(string text) => Ipv4.TryParse(text, out var address) ? address : throw new ArgumentException(text, nameof(text));
}
