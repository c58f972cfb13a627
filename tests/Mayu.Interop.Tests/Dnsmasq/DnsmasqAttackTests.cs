using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Dnsmasq;

/// <summary>The engine dnsmasq under attack: its process, its files, and what clients say of themselves.</summary>
public sealed class DnsmasqAttackTests(DnsmasqFixture wire) : IClassFixture<DnsmasqFixture>
{
    private static readonly int Kills = Environment.GetEnvironmentVariable("TEST_LEVEL") == "full" ? 30 : 3;

    [Fact]
    public async Task A_dnsmasq_that_is_stopped_and_not_ended_is_started_again()
    {
        TestNetwork.NeedRoot();
        var (process, starts) = (wire.DnsmasqId, wire.Starts);

        await ProgramRun.OrFailAsync("kill", "-STOP", process);

        await wire.WaitAsync(() => wire.Starts > starts, "it was not started again");
        Assert.NotEqual(process, wire.DnsmasqId);
        Assert.Contains("was suspended", wire.Mayu.Log, StringComparison.Ordinal);
        Assert.NotNull(await wire.LeaseAsync("02:00:00:00:00:41"));
    }

    [Fact]
    public async Task However_often_it_is_killed_there_is_one_and_it_answers()
    {
        TestNetwork.NeedRoot();
        for (var i = 0; i < Kills; i++)
        {
            var starts = wire.Starts;
            await ProgramRun.OrFailAsync("kill", "-KILL", wire.DnsmasqId);
            await wire.WaitAsync(() => wire.Starts > starts, "it was not started again");
        }

        var running = await ProgramRun.OrFailAsync("pgrep", "--count", "--full", $"conf-file={wire.EngineFolder}");
        Assert.Equal("1", running.Trim());
        Assert.NotNull(await wire.LeaseAsync("02:00:00:00:00:42"));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("closed")]
    [InlineData("linked")]
    [InlineData("folder")]
    [InlineData("gone")]
    public async Task Files_that_were_spoilt_while_it_ran_are_mended_when_it_starts_again(string harm)
    {
        TestNetwork.NeedRoot();
        var (process, starts) = (wire.DnsmasqId, wire.Starts);
        var secret = Path.Combine(wire.Folder, "secret");
        var leases = Path.Combine(wire.EngineFolder, "run", "leases");
        switch (harm)
        {
            case "garbage":
                await File.WriteAllBytesAsync(leases, [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 37))], TestContext.Current.CancellationToken);
                break;
            case "closed":
                await ProgramRun.OrFailAsync("chown", "root:root", leases);
                await ProgramRun.OrFailAsync("chmod", "600", leases);
                break;
            case "linked":
                // As a dnsmasq would that somebody took over: who starts it again is root.
                await File.WriteAllTextAsync(secret, "root's", TestContext.Current.CancellationToken);
                File.Delete(leases);
                File.CreateSymbolicLink(leases, secret);
                break;
            case "folder":
                Directory.Delete(Path.Combine(wire.EngineFolder, "run"), recursive: true);
                break;
            default:
                Directory.Move(wire.EngineFolder, wire.EngineFolder + ".gone");
                break;
        }

        await ProgramRun.OrFailAsync("kill", "-KILL", process);
        if (harm == "linked")
        {
            await wire.WaitAsync(() => wire.Mayu.CountInLog("cannot open or create lease file") > 0, "nothing is told of it");
            Assert.Equal("root", (await ProgramRun.OrFailAsync("stat", "--format=%U", secret)).Trim());
            File.Delete(leases);
        }

        await wire.WaitAsync(() => wire.Starts > starts, $"{harm}: it was not started again");
        Assert.NotNull(await wire.LeaseAsync("02:00:00:00:00:43"));
        // What the machine that runs is told is there again as well.
        Assert.Null(await wire.LeaseAsync(MayuServer.RunningMac, "-t", "1", "-V", "PXEClient:Arch:00007:UNDI:003001", "-x", "0x5d:0007"));
        Assert.Equal("ready", (await wire.Mayu.ApiAsync("/readyz")).Split('\n')[0]);
    }

    [Fact]
    public async Task What_a_client_says_of_itself_speaks_for_nobody_else_and_becomes_no_line_of_a_file()
    {
        TestNetwork.NeedRoot();
        const string Forged = "dnsmasq-dhcp[1]: 42 DHCPACK(br0) 10.77.0.77 02:00:00:00:00:99 forged";
        foreach (var text in new[] { $"x\n{Forged}", $"x]: 42 {Forged}", "02:00:00:00:00:99,ignore\n#,set:x", "dhcp-host=ignore", "\u001b[2J", new string('%', 200) })
        {
            var hex = Convert.ToHexString(System.Text.Encoding.Latin1.GetBytes(text)[..Math.Min(text.Length, 200)]);
            Assert.NotNull(await wire.LeaseAsync("02:00:00:00:00:44", "-V", text.Replace('\n', ' '), "-x", "0x0c:" + hex, "-x", "0x4d:" + hex, "-x", "0x51:000000" + hex, "-x", "0x3d:00" + hex));
        }

        Assert.DoesNotContain("10.77.0.77", await wire.Mayu.ApiAsync("/api/v1/machines/running-1/trace"), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", wire.Mayu.Log, StringComparison.Ordinal);
        Assert.Equal(0, wire.Mayu.Log.Split('\n').Count(line => line.StartsWith("dnsmasq-dhcp[1]", StringComparison.Ordinal)));
        Assert.DoesNotContain("forged", await File.ReadAllTextAsync(Path.Combine(wire.EngineFolder, "hosts"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("ready", (await wire.Mayu.ApiAsync("/readyz")).Split('\n')[0]);
    }
}
