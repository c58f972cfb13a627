using Mayu.Interop.Tests.Beside;
using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Simulate;

/// <summary>Simulated machines where Mayu is a proxy beside a DHCP server that knows nothing about booting.</summary>
public sealed class BesideTests
{
    // EDK2 that is told no option 43 asks port 4011.
    private const string Quirk = """

        pxe: {quirks: [{oui: "02:34:30", omit_options: [43]}]}
        """;

    [Theory]
    [InlineData("kea", "builtin")]
    [InlineData("dnsmasq", "builtin")]
    [InlineData("kea", "dnsmasq")]
    public async Task Every_firmware_gets_its_address_there_and_boots_here_as_it_is_explained(string program, string engine)
    {
        TestNetwork.NeedRoot();
        await using var site = await BootSite.PrepareAsync(ExternalPage.MayuWith("mode: proxy") + (engine == "builtin" ? Quirk : ""));
        await site.StartAsync(engine, "network.interface=br0");
        await using var other = await OtherServer.StartAsync(program, site.Segment.Other, OtherServer.Plain(program), site.Mayu.Folder);

        Assert.StartsWith("undionly.kpxe by TFTP from 10.77.0.1", (await BootAsync("bios", "proxy", "undionly.kpxe")).Details("file")[0], StringComparison.Ordinal);
        var uefi = await BootAsync("uefi-x64", "proxy", "snponly.efi");
        Assert.StartsWith("snponly.efi by TFTP from 10.77.0.1", uefi.Details("file")[0], StringComparison.Ordinal);
        // dnsmasq sends UEFI there by itself.
        AssertAskedPort4011(engine == "dnsmasq", uefi);
        await BootAsync("uefi-x64", "proxy-ipxe", "/ipxebootscript", "--loader", "ipxe");
        if (engine == "builtin")
        {
            AssertAskedPort4011(true, await BootAsync("uefi-x64", "port-4011", "snponly.efi", "--mac", "02:34:30:00:00:01"));
            Assert.Contains("/loaders/snponly.efi", (await BootAsync("uefi-x64-http", "proxy-http", "/loaders/snponly.efi")).Details("file")[0], StringComparison.Ordinal);
        }
        else
        {
            var http = await SimulatedBoot.RunAsync(site.Segment.Client, 1, "--proxy", "--firmware", "uefi-x64-http");
            Assert.Equal(("proxy", "an address was offered, and no proxy answered beside it"), (http.StoppedAt, http.Result));
            Assert.Contains("as a proxy, dnsmasq only answers the class PXEClient", await site.ExplainAsync("02:00:00:00:07:01", "uefi-x64", "proxy-http"), StringComparison.Ordinal);
        }

        async Task<SimulatedBoot> BootAsync(string firmware, string protocol, string file, params string[] more)
        {
            var boot = (await SimulatedBoot.RunAsync(site.Segment.Client, 0, ["--proxy", "--firmware", firmware, .. more])).AssertBoots("http://10.77.0.1:4081/images/");
            Assert.All(boot.Details("ack"), ack => Assert.Contains("from 10.77.0.2", ack, StringComparison.Ordinal));
            Assert.Contains(file, await site.ExplainAsync("02:34:30:00:00:01", firmware, protocol), StringComparison.Ordinal);
            return boot;
        }
    }

    [Fact]
    public async Task In_mode_auto_it_is_explained_what_was_found()
    {
        TestNetwork.NeedRoot();
        await using var site = await BootSite.PrepareAsync(ExternalPage.MayuWith("mode: proxy"));
        await using var other = await OtherServer.StartAsync("dnsmasq", site.Segment.Other, OtherServer.Plain("dnsmasq"), site.Mayu.Folder);
        await site.StartAsync("builtin", "network.interface=br0", "dhcp.mode=auto", "network.bootstrap_range.start=10.77.0.100", "network.bootstrap_range.end=10.77.0.120");
        await site.Mayu.PrintsAsync("another DHCP server, 10.77.0.2, answers on br0");
        Assert.StartsWith(
            "next to the DHCP server 10.77.0.2: no address, and the boot file snponly.efi", await site.ExplainAsync("02:00:00:00:07:01", "uefi-x64", "proxy"), StringComparison.Ordinal);
    }

    private static void AssertAskedPort4011(bool expected, SimulatedBoot boot) => Assert.Equal(
        expected, boot.Details("proxy").Any(told => told.StartsWith("port 4011 of 10.77.0.1, boot file snponly.efi", StringComparison.Ordinal)));
}
