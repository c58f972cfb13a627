using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>What the log says to people.</summary>
public sealed class LogWordsTests
{
    [Fact]
    public async Task A_boot_is_told_in_words_and_a_hang_up_changes_nothing_and_says_so()
    {
        TestNetwork.NeedRoot();
        await using var segment = await Segment.BuildAsync();
        await using var mayu = new MayuServer(segment.Mayu, "10.77.0.1");
        await mayu.AddRunningMachineAsync("10.77.0.100");
        var discovery = Directory.CreateDirectory(Path.Combine(mayu.Data, "images", "discovery")).FullName;
        await File.WriteAllTextAsync(Path.Combine(discovery, "vmlinuz"), "kernel", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(discovery, "initrd.cpio.gz"), "initrd", TestContext.Current.CancellationToken);
        await mayu.ConfigureAsync("""
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.51 }
              internal_range: { start: 10.77.0.100, end: 10.77.0.150 }
            defaults: { image: none, localboot: silent }
            """);
        await mayu.StartAsync();
        Assert.Contains(": ready, 1 machine known", mayu.Log, StringComparison.Ordinal);
        await mayu.PrintsAsync(": 1 machine, 0 records set aside");

        var (exitCode, output) = await TestNetwork.TryAsync(segment.Client, [Programs.Mayuctl, "simulate", "--interface", "eth0", "--firmware", "bios", "--serial", "new"]);
        Assert.True(exitCode == 0, output);
        await mayu.PrintsAsync("Machine new boots from the network: discover, because it is not known yet");
        await mayu.PrintsAsync("undionly.kpxe was sent, ");
        Assert.DoesNotContain("(null)", mayu.Log, StringComparison.Ordinal);
        Assert.Contains("PXE firmware, bios", (await mayu.CtlAsync("trace", "new")).Output, StringComparison.Ordinal);

        await mayu.SignalAsync("HUP");
        await mayu.PrintsAsync("The configuration was reloaded: no key changed");
        Assert.Contains("running-1", (await mayu.CtlAsync("list")).Output, StringComparison.Ordinal);
    }
}
