using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>The real server with `git.enabled: false`: plain records, as durable, and no history.</summary>
public sealed class WithoutGitTests
{
    private const string Facts =
        """{"Serial":"plain-1","NetDevs":[{"Name":"eth0","MacAddress":"02:00:00:00:09:01"}],"ConnectedNIC":"eth0"}""";

    [Fact]
    public async Task Machines_are_kept_over_a_kill_and_who_asks_for_the_history_is_told_that_there_is_none()
    {
        TestNetwork.NeedRoot();
        await using var network = new TestNetwork();
        var host = await network.AddHostAsync("s");
        await using var mayu = new MayuServer(host, "127.0.0.1");
        await mayu.ConfigureAsync(MayuServer.OnLoopback + "git: { enabled: false }");
        await mayu.StartAsync();

        // No image is installed here: it gets its record, and no config.
        await TestNetwork.TryAsync(host, "curl", "--silent", "--max-time", "20", "--data", Facts, "http://127.0.0.1:4081/provisioning-config");
        var (set, said) = await mayu.CtlAsync("override", "plain-1", "rack", "7");
        Assert.True(set == 0, said);
        await mayu.StopAsync("KILL");
        await mayu.StartAsync();

        var (shown, machine) = await mayu.CtlAsync("status", "plain-1", "-o", "json");
        Assert.True(shown == 0, machine);
        Assert.Contains("\"internalAddress\": \"127.0.0.100\"", machine, StringComparison.Ordinal);
        Assert.Matches("\"rack\": \"7\"", machine);
        Assert.StartsWith("ready", await mayu.ApiAsync("/readyz"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(mayu.Data, "cluster", ".git")));
        var (asked, answer) = await mayu.CtlAsync("history", "plain-1");
        Assert.NotEqual(0, asked);
        Assert.Contains("no history", answer, StringComparison.Ordinal);
    }
}
