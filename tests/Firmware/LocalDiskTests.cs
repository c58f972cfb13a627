using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mayu.Client.Contracts;
using Mayu.Lab.Rack;
using LabFirmware = Mayu.Lab.Rack.Firmware;

namespace Mayu.Firmware.Tests;

/// <summary>A machine that has a system and boots from the network starts its disk: by a script, or because nobody answers (<c>localboot</c>).</summary>
public sealed class LocalDiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pxelinux_hands_back_to_the_bios_and_grub_starts_the_loader_of_the_disk_that_mayu_installed()
    {
        using var folder = new GrubFolder();
        await folder.MakeAsync(Cancellation);
        await using var rack = await BootedRack.StartAsync(options => options with
        {
            More = $$"""
                tftp_root: {{folder.Path}}
                pxe: {loader: pxelinux, architectures: [{architecture: uefi-x64, loader: grub, file: {{GrubFolder.CoreImage}}}]}

                """,
        });

        await Task.WhenAll(
            AssertItsDiskBootsAsync(rack, MachineSpec.Numbered(31), "PXELINUX configuration: it is installed"),
            AssertItsDiskBootsAsync(
                rack,
                MachineSpec.Numbered(32) with
                {
                    Firmware = LabFirmware.Uefi,
                    DiskBytes = [OldSystem.DiskBytes, MachineSpec.DefaultDiskBytes],
                },
                "GRUB configuration: it is installed"));
    }

    // The firmware goes through HTTP boot before it comes to its disk, and is told the same there.
    [Fact]
    public async Task Ipxe_starts_the_drive_of_a_bios_and_leaves_uefi_to_its_next_entry()
    {
        await using var rack = await BootedRack.StartAsync();

        await Task.WhenAll(
            AssertItsDiskBootsAsync(rack, MachineSpec.Numbered(33), "iPXE script: it is installed"),
            AssertItsDiskBootsAsync(
                rack, MachineSpec.Numbered(34) with { Firmware = LabFirmware.Uefi, TriesIpv6Pxe = false }, "iPXE script: it is installed"));
    }

    [Fact]
    public async Task Firmware_that_nobody_answers_goes_on_to_the_disk()
    {
        await using var rack = await BootedRack.StartAsync(options => options with { Defaults = "localboot: silent" });
        var trace = await BootInstalledAsync(rack, MachineSpec.Numbered(35));
        Assert.Contains(trace, hop => hop.Name == HopNames.Silent);
        Assert.DoesNotContain(trace, hop => hop.Name is HopNames.Offer or HopNames.OwnDisk);
    }

    private static async Task AssertItsDiskBootsAsync(BootedRack rack, MachineSpec spec, string mark)
    {
        var trace = await BootInstalledAsync(rack, spec);
        Assert.Contains(trace, hop => hop.Name == HopNames.OwnDisk && hop.Detail?.StartsWith(mark, StringComparison.Ordinal) == true);
        Assert.DoesNotContain(trace, hop => hop.Name == HopNames.Kernel);
    }

    private static async Task<IReadOnlyList<Hop>> BootInstalledAsync(BootedRack rack, MachineSpec spec)
    {
        await PretendItIsInstalledAsync(rack, spec);
        var machine = await rack.Rack.AddMachineAsync(spec, Cancellation);
        foreach (var old in machine.Disks.SkipLast(1))
        {
            await OldSystem.InstallAsync(old, Cancellation);
        }

        await LabFiles.InstallAsync(machine.Disks[^1], Cancellation);
        await machine.PowerOnAsync();

        await machine.WaitForConsoleAsync("lab-os: Linux", BootedRack.Patience, Cancellation);
        await machine.PowerOffAsync();
        return (await rack.Api.GetTraceAsync(spec.Serial, Cancellation)).Value?.Items ?? [];
    }

    // What a machine says when it is installed, said for it: its image is on the disk already.
    private static async Task PretendItIsInstalledAsync(BootedRack rack, MachineSpec spec)
    {
        using var http = new HttpClient(rack.Rack.CreateHttpHandler()) { BaseAddress = new Uri($"http://{rack.Rack.Options.Address}:4081") };
        var facts = new JsonObject
        {
            ["Serial"] = spec.Serial,
            ["Uuid"] = spec.Uuid.ToString(),
            ["NetDevs"] = new JsonArray(new JsonObject { ["Name"] = "eth0", ["MacAddress"] = spec.MacAddress }),
        };
        var script = await http.GetStringAsync(new Uri($"/ipxebootscript?serial={spec.Serial}&mac={spec.MacAddress.Replace(':', '-')}", UriKind.Relative), Cancellation);
        http.DefaultRequestHeaders.Authorization = new("Bearer", Regex.Match(script, "(?<=/boot/)[0-9a-f]{32}", RegexOptions.None, TimeSpan.FromSeconds(1)).Value);
        (await http.PostAsJsonAsync("/provisioning-config", facts, Cancellation)).EnsureSuccessStatusCode();
        (await http.PostAsJsonAsync($"/callbacks/{spec.Serial}/installed", new JsonObject(), Cancellation)).EnsureSuccessStatusCode();
    }
}
