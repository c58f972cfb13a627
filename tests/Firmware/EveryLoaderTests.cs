using Mayu.Client.Contracts;
using Mayu.Lab.Rack;
using LabFirmware = Mayu.Lab.Rack.Firmware;

namespace Mayu.Firmware.Tests;

/// <summary>
/// Each firmware and each boot loader brings a machine as far as the discovery system, which posts its facts. What follows is the same for all of
/// them, and tested elsewhere. The machines have no disk.
/// </summary>
public sealed class EveryLoaderTests
{
    // With all that some loader's language has a meaning for. The last has the kernel print its line, which "quiet" before it would keep back.
    private static readonly string[] OddArguments = ["odd.a=x#y", "odd.b=c||d&&e;f", "odd.c=$PATH", "odd.d={f}(g)[h]<i>*?", "odd.e=`j`~!%^&|k", "loglevel=6"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Boot_roms_of_other_cards_and_firmware_that_boots_over_http_are_discovered()
    {
        await using var rack = await BootedRack.StartAsync(options => options with { KernelArguments = OddArguments });
        var e1000 = await rack.BootAsync(Diskless(21) with { Card = NetworkCard.E1000 });
        var rtl8139 = await rack.BootAsync(Diskless(22) with { Card = NetworkCard.Rtl8139 });
        var http = await rack.BootAsync(Diskless(23) with { Firmware = LabFirmware.UefiHttp });

        await AssertDiscoveredAsync(rack, e1000, "iPXE on bios", "iPXE script: it is not known yet");
        await AssertDiscoveredAsync(rack, rtl8139, "iPXE on bios", "iPXE script: it is not known yet");
        await AssertDiscoveredAsync(rack, http, "UEFI HTTP boot, uefi-x64-http", "snponly.efi by HTTP", "iPXE on uefi-x64", "iPXE script: it is not known yet");
        Assert.Equal("uefi", (await rack.AskAsync(http.Serial))?.Firmware);
        Assert.All([e1000, http], AssertKernelLine);
    }

    [Fact]
    public async Task Pxelinux_grub_and_shim_under_secure_boot_start_the_discovery_system_which_finds_the_serial()
    {
        using var folder = new GrubFolder();
        await folder.MakeAsync(Cancellation);
        await using var rack = await BootedRack.StartAsync(options => options with
        {
            KernelArguments = OddArguments,
            More = $$"""
                tftp_root: {{folder.Path}}
                pxe:
                  loader: pxelinux
                  architectures: [{architecture: uefi-x64, loader: shim}]
                  quirks: [{oui: "52:54:02", file: {{GrubFolder.CoreImage}}}]

                """,
        });
        var pxelinux = await rack.BootAsync(Diskless(24));
        var secure = await rack.BootAsync(Diskless(25) with { Firmware = LabFirmware.SecureBoot });
        var grub = await rack.BootAsync(Diskless(26) with { Firmware = LabFirmware.Uefi, MacAddress = "52:54:02:4d:59:26" });

        await AssertDiscoveredAsync(rack, pxelinux, "pxelinux.0 by TFTP", "PXELINUX configuration: it is not known yet", "images/vmlinuz by TFTP");
        await AssertDiscoveredAsync(rack, secure, "shimx64.efi by TFTP", "grubx64.efi by TFTP", "GRUB configuration: it is not known yet", "images/vmlinuz by TFTP");
        await AssertDiscoveredAsync(rack, grub, GrubFolder.CoreImage + " by TFTP", "GRUB configuration: it is not known yet");
        Assert.Contains("mayu-discovery: Secure Boot is on", secure.Console.ReadFrom(0), StringComparison.Ordinal);
        Assert.DoesNotContain("Secure Boot is on", grub.Console.ReadFrom(0), StringComparison.Ordinal);
        Assert.All([pxelinux, secure, grub], AssertKernelLine);
    }

    // What the kernel itself says that it was given.
    private static void AssertKernelLine(RackMachine machine)
    {
        var line = machine.Console.ReadFrom(0).Split('\n').FirstOrDefault(said => said.Contains("Kernel command line: ", StringComparison.Ordinal));
        Assert.Contains($" {string.Join(' ', OddArguments)}", line, StringComparison.Ordinal);
    }

    private static MachineSpec Diskless(int number) => MachineSpec.Numbered(number) with { DiskBytes = [] };

    private static async Task AssertDiscoveredAsync(BootedRack rack, RackMachine machine, params string[] marks)
    {
        await rack.WaitAsync(machine, "send its facts", known => known.Hop?.Name is HopNames.Config or HopNames.Failed or HopNames.Progress);
        var trace = (await rack.Api.GetTraceAsync(machine.Serial, Cancellation)).Value?.Items ?? [];
        await machine.PowerOffAsync();

        // In their order: each is looked for behind the one before.
        var told = string.Join('\n', trace.Select(hop => $"{hop.Name}: {hop.Detail}"));
        var from = 0;
        foreach (var mark in marks)
        {
            var place = told.IndexOf(mark, from, StringComparison.Ordinal);
            Assert.True(place >= 0, $"{machine.Serial}: no \"{mark}\" behind character {from} of its trace:\n{told}");
            from = place;
        }
    }
}
