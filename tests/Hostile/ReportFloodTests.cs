using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Mayu.Core.Machines;
using Mayu.Server.Decisions;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Hostile.Tests;

/// <summary>Somebody on the boot network reports in the name of machines, without end: what of it is written down.</summary>
public sealed class ReportFloodTests
{
    private const int AtOnce = 8;

    [Fact]
    public async Task A_stranger_who_reports_other_versions_without_end_makes_a_handful_of_changes()
    {
        await using var server = await RunningAsync();
        var before = await ChangesAsync(server);
        await Parallel.ForAsync(0, AttackCount.Of(200, 5000), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, _) =>
        {
            using var answer = await server.ReportAsync("a", "boot_complete", new JsonObject { ["Versions"] = RandomVersions(64, 256) });
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        });

        Assert.InRange(await ChangesAsync(server) - before, 1, ReportPace.Burst);
        var versions = server.Store.Current.Machines.Single().Versions;
        Assert.Equal(16, versions.Count);
        Assert.All(versions, version => Assert.InRange(version.Key.Length + version.Value.Length, 1, 2 * 64));
    }

    [Fact]
    public async Task The_same_report_once_more_is_no_change_and_moves_the_times_that_it_was_seen()
    {
        await using var server = await RunningAsync();
        var (record, machine) = (server.Store.Current.Machines.Single(), await server.MachineAsync("a"));
        for (var i = 0; i < AttackCount.Of(20, 500); i++)
        {
            using var answer = await server.ReportAsync("a", "boot_complete", Versions("1"));
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        Assert.Same(record, server.Store.Current.Machines.Single());
        var later = await server.MachineAsync("a");
        Assert.True(Time(later, "lastSeen") > Time(machine, "lastSeen"));
        Assert.True(Time(later, "lastBoot") > Time(machine, "lastBoot"));
    }

    [Fact]
    public async Task Facts_that_differ_each_time_make_a_handful_of_changes_and_are_answered_all_the_same()
    {
        await using var server = await TestServer.StartAsync();
        (await server.AskForConfigAsync("a")).EnsureSuccessStatusCode();
        var before = await ChangesAsync(server);
        await Parallel.ForAsync(0, AttackCount.Of(100, 3000), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, cancellation) =>
        {
            var facts = TestServer.Facts("a");
            facts["MemoryBytes"] = (i + 1L) << 20;
            facts["Disks"] = new JsonArray(new JsonObject { ["Name"] = "sda", ["Serial"] = RandomNumberGenerator.GetHexString(64) });
            using var answer = await server.Boot.PostAsJsonAsync("/provisioning-config", facts, cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        });

        Assert.InRange(await ChangesAsync(server) - before, 1, ReportPace.Burst);
    }

    [Fact]
    public async Task What_changes_the_state_is_written_however_much_was_reported_before()
    {
        await using var server = await RunningAsync();
        for (var i = 0; i < 3 * ReportPace.Burst; i++)
        {
            await server.ReportAsync("a", "boot_complete", Versions($"forged {i}"));
        }

        using var set = await server.Api.PutAsJsonAsync("/api/v1/machines/a/state", new JsonObject { ["state"] = "configured" }, TestContext.Current.CancellationToken);
        set.EnsureSuccessStatusCode();
        (await server.AskForConfigAsync("a")).EnsureSuccessStatusCode();
        (await server.ReportAsync("a", "installed")).EnsureSuccessStatusCode();
        (await server.ReportAsync("a", "boot_complete", Versions("2"))).EnsureSuccessStatusCode();
        var machine = server.Store.Current.Machines.Single();
        Assert.Equal((MachineState.Running, "2"), (machine.State, machine.Versions["OS"]));
    }

    [Fact]
    public async Task A_system_that_tells_too_much_of_itself_runs_all_the_same()
    {
        await using var server = await TestServer.StartAsync();
        await server.AskForConfigAsync("a");
        await server.ReportAsync("a", "installed");
        var versions = RandomVersions(100, 300);
        versions["0 empty"] = "";
        versions[""] = "no name";
        versions["1 pairs"] = string.Concat("x", string.Concat(Enumerable.Repeat("\U0001F600", 40)));
        using var answer = await server.ReportAsync("a", "boot_complete", new JsonObject { ["Versions"] = versions });

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var machine = server.Store.Current.Machines.Single();
        Assert.Equal((MachineState.Running, 16), (machine.State, machine.Versions.Count));
        // Two characters that are one are not cut in half.
        Assert.Equal(63, machine.Versions["1 pairs"].Length);
    }

    [Fact]
    public async Task Numbers_below_zero_are_no_progress_and_no_facts()
    {
        await using var server = await TestServer.StartAsync();
        var facts = TestServer.Facts("a");
        facts["MemoryBytes"] = -1;
        facts["Cpu"] = new JsonObject { ["Sockets"] = -1, ["Cores"] = -2, ["Threads"] = int.MinValue };
        facts["Disks"] = new JsonArray(new JsonObject { ["Name"] = "sda", ["SizeBytes"] = long.MinValue });
        facts["NetDevs"]![0]!["SpeedMbps"] = -1;
        (await server.Boot.PostAsJsonAsync("/provisioning-config", facts, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        var known = server.Store.Current.Machines.Single().Facts!;
        Assert.Equal((null, 0, 0, 0), (known.MemoryBytes, known.Cpu!.Sockets, known.Cpu.Cores, known.Cpu.Threads));
        Assert.Equal((0L, null), (known.Disks.Single().SizeBytes, known.NetDevs.Single().SpeedMbps));

        (string Done, string Total)[] wrong = [("-1", "10"), ("1", "-10"), ("-9223372036854775808", "0")];
        foreach (var (done, total) in wrong)
        {
            using var answer = await server.ReportAsync("a", "progress", new JsonObject { ["done"] = long.Parse(done, null), ["total"] = long.Parse(total, null) });
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    private static async Task<TestServer> RunningAsync()
    {
        var server = await TestServer.StartAsync();
        (await server.AskForConfigAsync("a")).EnsureSuccessStatusCode();
        (await server.ReportAsync("a", "installed")).EnsureSuccessStatusCode();
        (await server.ReportAsync("a", "boot_complete", Versions("1"))).EnsureSuccessStatusCode();
        return server;
    }

    private static JsonObject Versions(string os) => new() { ["Versions"] = new JsonObject { ["OS"] = os } };

    private static JsonObject RandomVersions(int count, int length)
    {
        var versions = new JsonObject();
        for (var i = 0; i < count; i++)
        {
            versions["x" + RandomNumberGenerator.GetHexString(32)] = RandomNumberGenerator.GetHexString(length);
        }

        return versions;
    }

    private static async Task<int> ChangesAsync(TestServer server) =>
        (await server.Store.HistoryAsync(new HistoryQuery { Limit = HistoryQuery.MaxLimit }, TestContext.Current.CancellationToken)).Count;

    private static DateTimeOffset Time(JsonNode machine, string field) => DateTimeOffset.Parse((string)machine[field]!, System.Globalization.CultureInfo.InvariantCulture);
}
