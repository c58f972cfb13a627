namespace Mayu.Interop.Tests.Dnsmasq;

/// <summary>The engine dnsmasq beside a plain dnsmasq that gives the addresses; the machines are those of `mayuctl simulate`.</summary>
public sealed class DnsmasqProxyTests(DnsmasqFixture wire) : IClassFixture<DnsmasqFixture>
{
    [Fact]
    public async Task Firmware_and_ipxe_are_told_what_to_load_and_a_machine_that_runs_hears_nothing()
    {
        WireFixture.NeedRoot();
        await wire.StopAsync("TERM");
        await wire.StartAsync("--set", "dhcp.mode=proxy");
        using var other = await wire.StartOtherServerAsync();

        Assert.Contains("told to load undionly.kpxe from 10.77.0.1", await SimulateAsync("--firmware", "bios"), StringComparison.Ordinal);
        Assert.Contains("port 4011 of 10.77.0.1, told to load ipxe.efi", await SimulateAsync("--firmware", "uefi-x64"), StringComparison.Ordinal);
        Assert.Contains("told to load http://10.77.0.1:4081/ipxebootscript", await SimulateAsync("--firmware", "bios", "--loader", "ipxe"), StringComparison.Ordinal);
        Assert.Contains("no proxy answered", await SimulateAsync("--firmware", "bios", "--mac", DnsmasqFixture.RunningMac), StringComparison.Ordinal);

        await wire.WaitAsync(() => wire.CountInLog($"{DnsmasqFixture.RunningMac} gets no answer: it is running") > 0, "the reason is not told");
        other.Kill();
    }

    // There is no image here, so each boot ends at the kernel.
    private async Task<string> SimulateAsync(params string[] arguments) =>
        (await wire.TryClientAsync([Path.Combine(AppContext.BaseDirectory, "mayuctl"), "simulate", "--interface", "eth0", "--proxy", .. arguments])).Output;
}
