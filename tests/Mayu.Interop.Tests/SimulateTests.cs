using System.Text.Json.Nodes;

using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests;

/// <summary>The real mayuctl plays machines against the real mayu.</summary>
public sealed class SimulateTests(WireFixture wire)
{
    [Fact]
    public async Task A_bios_machine_goes_from_its_first_packet_to_a_kernel()
    {
        TestNetwork.NeedRoot();
        var report = await SimulateAsync(0, "--firmware", "bios", "--serial", "simulated-bios");

        Assert.Equal(
            ["discover", "offer", "ack", "file", "discover", "offer", "ack", "script", "script", "kernel", "initrd", "initrd", "boot"],
            report["hops"]!.AsArray().Select(hop => (string?)hop!["name"]));
        Assert.Contains("undionly.kpxe by TFTP from 10.77.0.1", Detail(report, "file"), StringComparison.Ordinal);
        Assert.Contains("mayu.serial=simulated-bios", Detail(report, "boot"), StringComparison.Ordinal);
        Assert.Equal("its kernel starts", (string?)report["result"]);
    }

    [Theory]
    [InlineData("uefi-x64", "snponly.efi by TFTP")]
    [InlineData("uefi-x64-http", "/loaders/snponly.efi")]
    public async Task A_uefi_machine_boots_by_pxe_and_over_http(string firmware, string file)
    {
        TestNetwork.NeedRoot();
        var report = await SimulateAsync(0, "--firmware", firmware);
        Assert.Contains(file, Detail(report, "file"), StringComparison.Ordinal);
        Assert.Contains("initrd", report["hops"]!.AsArray().Select(hop => (string?)hop!["name"]));
    }

    [Theory]
    [InlineData("uefi-x64", "02:47:52:00:00:01", "grub.cfg-")]
    [InlineData("uefi-x64", "02:53:48:00:00:01", "grub.cfg-")]
    [InlineData("bios", "02:50:58:00:00:01", "pxelinux.cfg/")]
    public async Task Grub_behind_shim_or_not_and_pxelinux_find_their_configuration_and_a_kernel(string firmware, string mac, string name)
    {
        TestNetwork.NeedRoot();
        var report = await SimulateAsync(0, "--firmware", firmware, "--mac", mac);
        Assert.Contains(name, Detail(report, "script"), StringComparison.Ordinal);
        Assert.Contains("vmlinuz", Detail(report, "kernel"), StringComparison.Ordinal);
        Assert.Contains("initrd", report["hops"]!.AsArray().Select(hop => (string?)hop!["name"]));
        Assert.Contains("mayu.url=http://10.77.0.1:4081", Detail(report, "boot"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ipxe_rom_goes_to_its_script_at_once_and_leaves_its_marks_in_the_trace()
    {
        TestNetwork.NeedRoot();
        await SimulateAsync(0, "--loader", "ipxe", "--mac", "02:00:00:00:05:01", "--serial", "simulated-rom");

        var trace = JsonNode.Parse(await CtlAsync(0, "trace", "02:00:00:00:05:01", "-o", "json"))!;
        Assert.Equal("simulated-rom", (string?)trace["serial"]);
        Assert.Equal(
            ["discover", "offer", "request", "ack", "script", "kernel", "initrd"],
            trace["items"]!.AsArray().Select(hop => (string?)hop!["name"]));
    }

    [Fact]
    public async Task A_machine_that_runs_is_answered_by_silence_which_is_explained()
    {
        TestNetwork.NeedRoot();
        var report = await SimulateAsync(1, "--mac", MayuServer.RunningMac, "--timeout", "3");
        Assert.Contains("nobody offered an address within 3 s", (string?)report["result"], StringComparison.Ordinal);
        Assert.Contains($"mayuctl explain {MayuServer.RunningMac}", (string?)report["advice"], StringComparison.Ordinal);

        var explained = await CtlAsync(0, "explain", MayuServer.RunningMac);
        Assert.Contains("no answer: it is running: Mayu does not answer, so it boots its own disk", explained, StringComparison.Ordinal);
        Assert.Contains("silent", await CtlAsync(0, "trace", MayuServer.RunningMac), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registration_makes_a_record()
    {
        TestNetwork.NeedRoot();
        // No image is installed here: it gets its record, and no config.
        var report = await SimulateAsync(1, "--register", "--serial", "simulated-new");
        Assert.Contains("image", (string?)report["result"], StringComparison.Ordinal);
        Assert.Equal("first-stage", (string?)report["hops"]!.AsArray()[^2]!["name"]);
        Assert.Contains("configured", await CtlAsync(0, "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_stays_behind_and_who_is_not_there_is_told()
    {
        TestNetwork.NeedRoot();
        await SimulateAsync(0, "--firmware", "bios");
        Assert.DoesNotContain("deprecated", await wire.ClientAsync("ip", "-4", "address", "show", "dev", "eth0"), StringComparison.Ordinal);

        var (exitCode, output) = await wire.TryClientAsync(Programs.Mayuctl, "simulate", "--interface", "eth1", "--timeout", "2");
        Assert.Equal(1, exitCode);
        Assert.Contains("nobody offered an address", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interruption_is_told_with_the_hop_that_was_reached()
    {
        TestNetwork.NeedRoot();
        var (exitCode, output) = await wire.TryClientAsync(
            "timeout", "--preserve-status", "--signal=INT", "3", Programs.Mayuctl, "simulate", "--interface", "eth1", "--timeout", "60", "-o", "json");
        Assert.Equal(130, exitCode);
        var report = JsonNode.Parse(output)!;
        Assert.Equal((false, "discover", "it was interrupted"), ((bool)report["ok"]!, (string?)report["stoppedAt"], (string?)report["result"]));
    }

    private static string Detail(JsonNode report, string hop) =>
        (string)report["hops"]!.AsArray().First(it => (string?)it!["name"] == hop)!["detail"]!;

    private async Task<JsonNode> SimulateAsync(int expected, params string[] words)
    {
        var (exitCode, output) = await wire.TryClientAsync([Programs.Mayuctl, "simulate", "--interface", "eth0", "-o", "json", .. words]);
        Assert.True(exitCode == expected, $"{string.Join(' ', words)} ended with {exitCode}: {output}\n{wire.Mayu.Log}");
        return JsonNode.Parse(output)!;
    }

    private async Task<string> CtlAsync(int expected, params string[] words)
    {
        var (exitCode, output) = await wire.Mayu.CtlAsync(words);
        Assert.True(exitCode == expected, $"{string.Join(' ', words)} ended with {exitCode}: {output}");
        return output;
    }
}
