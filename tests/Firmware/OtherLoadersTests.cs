using System.Diagnostics;
using Mayu.Client.Contracts;
using Mayu.Lab.Rack;
using LabFirmware = Mayu.Lab.Rack.Firmware;

namespace Mayu.Firmware.Tests;

/// <summary>
/// The loaders that are not anybody's default, each as far as the discovery system's first word or, where that was seen with another one, as far as
/// what is its own.
/// </summary>
public sealed class OtherLoadersTests
{
    private const string Lpxelinux = "52:54:02:4d:59:2b";
    private const string Grub = "52:54:03:4d:59:2c";
    private const string Unnumbered = "52:54:04:4d:59:2d";
    private const string SmallBlocks = "52:54:05:4d:59:2e";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lpxelinux_and_grub_of_a_bios_the_script_autoexec_and_a_cap_on_blocks_do_what_the_page_says()
    {
        using var folder = new GrubFolder();
        await folder.MakeAsync(Cancellation);
        // An iPXE that looks for autoexec.ipxe by itself has no address yet. Debian 12's is older than that: it is made to run the script so.
        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "unnumbered.ipxe"), "#!ipxe\nimgfetch autoexec.ipxe\nclear net0.dhcp/ip\nchain autoexec.ipxe\n", Cancellation);
        await using var rack = await BootedRack.StartAsync(options => options with
        {
            More = $$"""
                tftp_root: {{folder.Path}}
                pxe:
                  loader: pxelinux
                  quirks:
                    - {oui: "{{Lpxelinux[..8]}}", file: lpxelinux.0}
                    - {oui: "{{Grub[..8]}}", file: {{GrubFolder.BiosImage}}}
                    - {oui: "{{Unnumbered[..8]}}", file: unnumbered.ipxe}
                    - {oui: "{{SmallBlocks[..8]}}", architecture: uefi-x64, max_block_size: 1024}

                """,
        });

        await Task.WhenAll(
            LpxelinuxFetchesBelowItsPrefixAsync(rack),
            GrubFetchesByHttpAsync(rack),
            TheScriptAsksForAnAddressAndTheBootAnswerAsync(rack),
            TheFirmwareGetsTheBlocksOfItsQuirkAsync(rack));
    }

    private static async Task LpxelinuxFetchesBelowItsPrefixAsync(BootedRack rack)
    {
        var trace = await BootAsync(rack, 43, Lpxelinux, LabFirmware.Bios, "mayu-discovery: Linux");
        AssertInOrder(trace, "lpxelinux.0 by TFTP", "ldlinux.c32 by HTTP", "PXELINUX configuration: it is not known yet", "images/vmlinuz by HTTP", "mayu.cpio by HTTP", "images/initrd.cpio.gz by HTTP");
    }

    private static async Task GrubFetchesByHttpAsync(BootedRack rack)
    {
        var trace = await BootAsync(rack, 44, Grub, LabFirmware.Bios, "mayu-discovery: Linux");
        AssertInOrder(trace, GrubFolder.BiosImage + " by TFTP", "GRUB configuration: it is not known yet", "kernel: discovery/vmlinuz", "initrd: discovery/initrd.cpio.gz");

        // A GRUB that starts again comes from the same ports: what is left of their connections must not wait for it, or for the FIN it sent once.
        var clock = Stopwatch.StartNew();
        while (await LeftOfGrubAsync(rack) is { Length: > 0 } left)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), left);
            await Task.Delay(250, Cancellation);
        }
    }

    private static async Task<string> LeftOfGrubAsync(BootedRack rack) =>
        (await rack.Rack.RunAsync("ss", ["-Htan", "exclude", "time-wait", "( dport = :21550 or dport = :21551 )"], cancellation: Cancellation)).OrThrow().Output.Trim();

    private static async Task TheScriptAsksForAnAddressAndTheBootAnswerAsync(BootedRack rack)
    {
        var trace = await BootAsync(rack, 45, Unnumbered, LabFirmware.Bios, "Mayu: discovering machine lab-0045");
        // The last acknowledgement of a file and the first word of DHCP after it come to two sockets within a millisecond: either may be marked first.
        AssertInOrder(trace, "unnumbered.ipxe by TFTP", $"\n{HopNames.Discover}: ", $"\n{HopNames.Ack}: ", "iPXE script: it is not known yet");
        AssertInOrder(trace, "unnumbered.ipxe by TFTP", "autoexec.ipxe by TFTP", $"\n{HopNames.Ack}: ", "iPXE script: it is not known yet");
    }

    private static async Task TheFirmwareGetsTheBlocksOfItsQuirkAsync(BootedRack rack)
    {
        // Read requests, option acknowledgements, and whatever is larger than a block of 1024 bytes.
        var capture = await rack.Rack.StartAsync(
            "tcpdump", "blocks.log", "tcpdump",
            ["-lnAi", rack.Rack.Options.Bridge, $"ether host {SmallBlocks} and udp and (udp[8:2] = 1 or udp[8:2] = 6 or udp[4:2] > 1036)"]);
        await WaitForAsync(capture, "listening on");

        await BootAsync(rack, 46, SmallBlocks, LabFirmware.Uefi, "Mayu: discovering machine lab-0046");

        await WaitForAsync(capture, "blksize.1024");
        var told = capture.Tail(200);
        Assert.Contains("blksize.1468", told, StringComparison.Ordinal);
        Assert.DoesNotContain("length 1472", told, StringComparison.Ordinal);
    }

    private static async Task WaitForAsync(RackProcess process, string text)
    {
        var clock = Stopwatch.StartNew();
        while (!process.Tail(200).Contains(text, StringComparison.Ordinal))
        {
            Assert.True(!process.HasExited && clock.Elapsed < BootedRack.Patience, $"no \"{text}\": {process.Tail(200)}");
            await Task.Delay(50, Cancellation);
        }
    }

    private static async Task<string> BootAsync(BootedRack rack, int number, string mac, LabFirmware firmware, string until)
    {
        var machine = await rack.BootAsync(MachineSpec.Numbered(number) with { DiskBytes = [], MacAddress = mac, Firmware = firmware });
        await machine.WaitForConsoleAsync(until, BootedRack.Patience, Cancellation);
        await machine.PowerOffAsync();
        var trace = (await rack.Api.GetTraceAsync(mac, Cancellation)).Value?.Items ?? [];
        return string.Join('\n', trace.Select(hop => $"{hop.Name}: {hop.Detail}"));
    }

    private static void AssertInOrder(string told, params string[] marks)
    {
        var from = 0;
        foreach (var mark in marks)
        {
            var place = told.IndexOf(mark, from, StringComparison.Ordinal);
            Assert.True(place >= 0, $"no \"{mark}\" behind character {from} of the trace:\n{told}");
            from = place;
        }
    }
}
