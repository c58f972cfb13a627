using Mayu.Core.Profiles;
using Mayu.Netboot.Tests;
using Mayu.Netboot.Tests.Dhcp;
using Mayu.Primitives;
using Mayu.Server.Decisions;
using Mayu.Server.Tests.BootHttp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Hostile.Tests;

/// <summary>The clock of the host is set back: what was noted before is of the future then, and must not count as fresh until that has come.</summary>
public sealed class ClockBackTests
{
    [Fact]
    public async Task A_lock_of_git_from_the_future_hides_no_edit_by_hand()
    {
        await using var server = await TestServer.StartAsync();
        (await server.AskForConfigAsync("a")).EnsureSuccessStatusCode();
        var cluster = Path.Combine(server.Folder, "cluster");
        var left = Path.Combine(cluster, ".git", "index.lock");
        await File.WriteAllTextAsync(left, "", TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(left, TimeProvider.System.GetUtcNow().UtcDateTime.AddYears(1));

        var record = Path.Combine(cluster, "a", "conf.json");
        var text = await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken);
        Assert.Contains("52:54:00:00:00:01", text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(record, text.Replace("52:54:00:00:00:01", "52:54:00:00:00:77", StringComparison.Ordinal), TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => server.Store.Current.Machines.Single().MacAddresses.Any(mac => mac.ToString() == "52:54:00:00:00:77"));
    }

    [Fact]
    public async Task An_address_that_was_probed_before_the_clock_was_set_back_is_probed_again()
    {
        await using var server = await TestServer.StartAsync();
        var range = new Ipv4Range(new Ipv4(0x7F00000A), new Ipv4(0x7F00000C));
        var (clock, probe) = (new SetClock { Now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) }, new FakeProbe());
        var addresses = new OccupiedAddresses(probe, range, clock, NullLogger<OccupiedAddresses>.Instance);
        var plan = new ClusterPlan { Profiles = [], InternalRange = range };
        for (uint i = 0; i < range.Count; i++)
        {
            probe.Answer(new Ipv4(range.Start.Value + i), user: null);
        }

        (await server.AskForConfigAsync("a")).EnsureSuccessStatusCode();
        await addresses.SettleAsync(server.Store, plan, server.Store.Current.Machines.Single(), TestContext.Current.CancellationToken);
        // Its own, and the two that come next.
        await Eventually.TrueAsync(() => probe.Count == 3);
        await Task.Delay(200, TestContext.Current.CancellationToken);

        (await server.AskForConfigAsync("b", 2)).EnsureSuccessStatusCode();
        var machine = server.Store.Current.Machines.Single(one => one.Serial.Text == "b");
        probe.Everybody = MacAddress.FromOctets([2, 0, 0, 0, 0, 0x66]);
        // It was asked a moment ago.
        await addresses.SettleAsync(server.Store, plan, machine, TestContext.Current.CancellationToken);
        Assert.Empty(addresses.All);

        clock.Now = clock.Now.AddYears(-1);
        await addresses.SettleAsync(server.Store, plan, machine, TestContext.Current.CancellationToken);
        Assert.Contains(addresses.All, occupied => occupied.Address == machine.InternalAddress);
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
