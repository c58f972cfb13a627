using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Simulate;

/// <summary>Simulated machines against the engine dnsmasq, which gives the addresses too.</summary>
public sealed class EngineTests
{
    private const string Configuration = """
        network:
          interface: br0
          address: 10.77.0.1
          subnet: 10.77.0.0/24
          bootstrap_range: { start: 10.77.0.50, end: 10.77.0.90 }
          internal_range: { start: 10.77.0.100, end: 10.77.0.150 }
        defaults: { image: none, localboot: silent }
        """;

    [Fact]
    public async Task Every_firmware_boots_by_dnsmasq_and_is_told_what_is_explained()
    {
        TestNetwork.NeedRoot();
        await using var site = await BootSite.PrepareAsync(Configuration);
        await site.StartAsync("dnsmasq");
        foreach (var (firmware, loader, protocol, told) in new[]
        {
            ("bios", "pxe", "dhcp", "undionly.kpxe"), ("uefi-x64", "pxe", "dhcp", "snponly.efi"),
            ("uefi-x64-http", "pxe", "dhcp-http", "http://10.77.0.1:4081/loaders/snponly.efi"), ("uefi-x64", "ipxe", "dhcp-ipxe", "http://10.77.0.1:4081/ipxebootscript"),
        })
        {
            var boot = (await SimulatedBoot.RunAsync(site.Segment.Client, 0, "--firmware", firmware, "--loader", loader, "--mac", "02:00:00:00:08:01"))
                .AssertBoots("http://10.77.0.1:4081/images/");
            Assert.Contains($"boot file {told}", boot.Details("offer")[0], StringComparison.Ordinal);
            Assert.Contains("from 10.77.0.1", boot.Details("ack")[0], StringComparison.Ordinal);

            var says = await site.ExplainAsync("02:00:00:00:08:01", firmware, protocol);
            Assert.Contains($"dnsmasq: an address, and the {(told.Contains("://", StringComparison.Ordinal) ? "URL" : "boot file")} {told}", says, StringComparison.Ordinal);
        }

        var silent = await SimulatedBoot.RunAsync(site.Segment.Client, 1, "--mac", MayuServer.RunningMac, "--timeout", "2");
        Assert.Equal("nobody offered an address within 2 s", silent.Result);
        Assert.Contains($"mayuctl explain {MayuServer.RunningMac}", silent.Advice, StringComparison.Ordinal);
        Assert.Contains(
            $"no answer: dnsmasq: its hosts file has the line {MayuServer.RunningMac},tag:loader,ignore: it is running", await site.ExplainAsync(MayuServer.RunningMac, "uefi-x64", "dhcp"), StringComparison.Ordinal);
    }
}
