using System.Text.Json.Nodes;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>A pool of two addresses, and three machines: monitoring hears of it, whoever gives the addresses.</summary>
public sealed class FullPoolTests
{
    [Theory]
    [InlineData("builtin")]
    [InlineData("dnsmasq")]
    public async Task A_full_pool_is_an_alarm_of_readyz_and_a_number_of_metrics(string engine)
    {
        TestNetwork.NeedRoot();
        await using var segment = await Segment.BuildAsync();
        await using var mayu = new MayuServer(segment.Mayu, "10.77.0.1");
        // dnsmasq runs as a user of its own.
        await ProgramRun.OrFailAsync("chmod", "755", mayu.Folder);
        await mayu.ConfigureAsync($$"""
            engine: {{engine}}
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.51 }
              internal_range: { start: 10.77.0.100, end: 10.77.0.150 }
            defaults: { image: none }
            """);
        await mayu.StartUntilAsync(engine == "dnsmasq" ? "dnsmasq answers" : ": ready");
        var udhcpc = new Udhcpc(segment.Client, mayu.Folder, takesAddress: false);
        await mayu.MetricsMatchAsync("""mayu_pool_addresses\{[^}]*pool="dhcp 10.77.0.0/24"[^}]*use="free"[^}]*\} 2""");
        Assert.DoesNotContain("DHCP pool", await mayu.ApiAsync("/readyz"), StringComparison.Ordinal);

        // The builtin engine's go out as frames, with sums of ours; the kernel leaves those of its own packets to the card, which a veth has not.
        await using var capture = await Capture.StartAsync(segment.Client, "eth0", "udp src port 67");
        await udhcpc.LeaseAsync("eth0", "02:77:00:00:00:01");
        await udhcpc.LeaseAsync("eth0", "02:77:00:00:00:02");
        await capture.SeesAsync("DHCP-Message (53), length 1: ACK");
        Assert.True(engine == "dnsmasq" || !capture.Seen.Contains("bad udp cksum", StringComparison.Ordinal), capture.Seen);

        Assert.Contains(
            "alarm: the DHCP pool 10.77.0.50-10.77.0.51 of 10.77.0.0/24 is full, 2 addresses are leased, 0 in use by unknown devices: machines get no address.",
            await mayu.ApiAsync("/readyz"), StringComparison.Ordinal);
        await mayu.MetricsMatchAsync("""mayu_pool_addresses\{[^}]*pool="dhcp 10.77.0.0/24"[^}]*use="used"[^}]*\} 2""");

        var pool = JsonNode.Parse(await mayu.ApiAsync("/api/v1/addresses"))!["pools"]![1]!;
        Assert.Equal(("dhcp 10.77.0.0/24", 2, 0, 2), ((string?)pool["name"], (int)pool["used"]!, (int)pool["free"]!, (int)pool["size"]!));
        var leases = JsonNode.Parse(await mayu.ApiAsync("/api/v1/leases"))!;
        Assert.Equal(engine == "dnsmasq", leases["unknown"] is not null);
        Assert.Equal(
            ["02:77:00:00:00:01 leased", "02:77:00:00:00:02 leased"],
            leases["items"]!.AsArray().Select(lease => $"{lease!["mac"]} {lease["state"]}").Order(StringComparer.Ordinal));
    }
}
