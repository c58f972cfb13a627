using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Dnsmasq;

/// <summary>The engine dnsmasq beside a plain dnsmasq that gives the addresses; the machines are those of `mayuctl simulate`.</summary>
public sealed class DnsmasqProxyTests(DnsmasqFixture wire) : IClassFixture<DnsmasqFixture>
{
    [Fact]
    public async Task Firmware_and_ipxe_are_told_what_to_load_and_a_machine_that_runs_hears_nothing()
    {
        TestNetwork.NeedRoot();
        await wire.Mayu.StopAsync("TERM");
        await wire.StartAsync("--set", "dhcp.mode=proxy");
        await using var other = await wire.StartOtherServerAsync();

        Assert.Contains("boot file undionly.kpxe from 10.77.0.1", await SimulateAsync("--firmware", "bios"), StringComparison.Ordinal);
        Assert.Contains("port 4011 of 10.77.0.1, boot file snponly.efi", await SimulateAsync("--firmware", "uefi-x64"), StringComparison.Ordinal);
        Assert.Contains("boot file http://10.77.0.1:4081/ipxebootscript", await SimulateAsync("--firmware", "bios", "--loader", "ipxe"), StringComparison.Ordinal);
        Assert.Contains("no proxy answered", await SimulateAsync("--firmware", "bios", "--mac", MayuServer.RunningMac), StringComparison.Ordinal);

        await wire.WaitAsync(() => wire.Mayu.CountInLog($"{MayuServer.RunningMac} gets no answer: it is running") > 0, "the reason is not told");
    }

    // There is no image here, so each boot ends at the kernel.
    private async Task<string> SimulateAsync(params string[] arguments) =>
        (await wire.TryClientAsync([Programs.Mayuctl, "simulate", "--interface", "eth0", "--proxy", .. arguments])).Output;
}
