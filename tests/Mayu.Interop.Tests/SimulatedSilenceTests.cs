using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>A host that reaches the API plays a machine that is left to its own disk.</summary>
public sealed class SimulatedSilenceTests
{
    [Fact]
    public async Task Silence_on_purpose_is_a_success_and_silence_without_a_reason_is_none()
    {
        TestNetwork.NeedRoot();
        await using var segment = await Segment.BuildAsync();
        await using var mayu = new MayuServer(segment.Mayu, "10.77.0.1");
        await mayu.AddRunningMachineAsync("10.77.0.100");
        await mayu.ConfigureAsync("""
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.51 }
              internal_range: { start: 10.77.0.100, end: 10.77.0.150 }
            dhcp: { ignore: [02:00:00:00:00:98] }
            defaults: { image: none, localboot: silent }
            """);
        await mayu.StartAsync();
        await TestNetwork.IpAsync(segment.Client, "address", "add", "10.77.0.201/24", "dev", "eth0");

        var (exitCode, output) = await SimulateAsync(segment, mayu, MayuServer.RunningMac);
        Assert.True(exitCode == 0, output);
        Assert.EndsWith(
            "It boots: its own disk starts, since Mayu does not answer it on purpose (it is running: Mayu does not answer, so it boots its own disk).\n", output, StringComparison.Ordinal);

        (exitCode, output) = await SimulateAsync(segment, mayu, "02:00:00:00:00:98");
        Assert.True(exitCode == 1, output);
        Assert.Contains("nobody offered an address within 3 s", output, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output)> SimulateAsync(Segment segment, MayuServer mayu, string mac) => TestNetwork.TryAsync(
        segment.Client,
        [Programs.Mayuctl, "simulate", "--interface", "eth0", "--mac", mac, "--timeout", "3", "--server", "https://10.77.0.1:4080",
            "--ca", Path.Combine(mayu.Data, "keys", "ca.pem"), "--token-file", Path.Combine(mayu.Data, "keys", "operator-token")]);
}
