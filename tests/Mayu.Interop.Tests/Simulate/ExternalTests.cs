using Mayu.Interop.Tests.Beside;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Simulate;

/// <summary>Simulated machines in the environments of docs/external.md, where Mayu is HTTP alone.</summary>
public sealed class ExternalTests
{
    [Theory]
    [InlineData("kea")]
    [InlineData("dhcpd")]
    public async Task Every_firmware_gets_address_and_loader_there_and_boots_by_mayus_script(string program)
    {
        TestNetwork.NeedRoot();
        await using var site = await BootSite.PrepareAsync(ExternalPage.MayuWith("engine: external"));
        await site.StartAsync("external");
        await using var other = await OtherServer.StartAsync(program, site.Segment.Other, ExternalPage.Of(program), site.Mayu.Folder);

        var missing = await SimulatedBoot.RunAsync(site.Segment.Client, 1, "--firmware", "bios", "--timeout", "2");
        Assert.Equal(("file", "failed"), (missing.StoppedAt, missing.Hops[^1]));
        Assert.Contains("TFTP from 10.77.0.2", missing.Result, StringComparison.Ordinal);
        Assert.NotNull(missing.Advice);

        await using var tftp = await StartTftpAsync(site);
        var bios = await BootAsync("bios");
        Assert.StartsWith("undionly.kpxe by TFTP from 10.77.0.2", bios.Details("file")[0], StringComparison.Ordinal);
        Assert.Contains("boot file http://10.77.0.1:4081/ipxebootscript", bios.Details("ack")[1], StringComparison.Ordinal);
        Assert.StartsWith("snponly.efi by TFTP from 10.77.0.2", (await BootAsync("uefi-x64")).Details("file")[0], StringComparison.Ordinal);
        Assert.Contains("http://10.77.0.1:4081/loaders/snponly.efi", (await BootAsync("uefi-x64-http")).Details("file")[0], StringComparison.Ordinal);
        Assert.Empty((await BootAsync("uefi-x64", "--loader", "ipxe")).Details("file"));

        // It has its system, which only the script can say here.
        var running = await SimulatedBoot.RunAsync(site.Segment.Client, 0, "--firmware", "bios", "--mac", MayuServer.RunningMac, "--serial", "running-1");
        Assert.StartsWith("it starts its own disk", running.Result, StringComparison.Ordinal);

        async Task<SimulatedBoot> BootAsync(string firmware, params string[] more)
        {
            var boot = (await SimulatedBoot.RunAsync(site.Segment.Client, 0, ["--firmware", firmware, .. more])).AssertBoots("http://10.77.0.1:4081/images/");
            Assert.All(boot.Details("ack"), ack => Assert.Contains("from 10.77.0.2", ack, StringComparison.Ordinal));
            return boot;
        }
    }

    [Fact]
    public async Task A_server_that_tells_ipxe_its_loader_once_more_is_found_out()
    {
        TestNetwork.NeedRoot();
        await using var segment = await Segment.BuildAsync();
        var folder = Directory.CreateTempSubdirectory("mayu-interop-").FullName;
        try
        {
            File.Copy("/usr/lib/ipxe/undionly.kpxe", Path.Combine(folder, "undionly.kpxe"));
            await using var other = await OtherServer.StartAsync(
                "dnsmasq", segment.Other, $"{OtherServer.Plain("dnsmasq")}\nenable-tftp\ntftp-root={folder}\ndhcp-boot=undionly.kpxe\n", folder);
            var boot = await SimulatedBoot.RunAsync(segment.Client, 1, "--firmware", "bios");
            Assert.Equal(("script", "iPXE runs, and 10.77.0.2 tells it to load \"undionly.kpxe\" once more: a machine would do that for ever"), (boot.StoppedAt, boot.Result));
            Assert.Contains("option 77", boot.Advice, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The loaders of Debian's packages, by a TFTP server beside the DHCP server.
    private static async Task<RunningProgram> StartTftpAsync(BootSite site)
    {
        var root = Directory.CreateDirectory(Path.Combine(site.Mayu.Folder, "tftp")).FullName;
        File.Copy("/usr/lib/ipxe/undionly.kpxe", Path.Combine(root, "undionly.kpxe"));
        File.Copy("/usr/lib/ipxe/snponly.efi", Path.Combine(root, "snponly.efi"));
        return await RunningProgram.StartAsync(
            site.Segment.Other, "TFTP root is", "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--log-facility=-", "--user=root", "--pid-file=", "--port=0",
            "--listen-address=10.77.0.2", "--bind-interfaces", "--enable-tftp", $"--tftp-root={root}");
    }
}
