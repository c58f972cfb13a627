using Mayu.Client.Contracts;
using Mayu.Lab.Rack;
using Mayu.Lab.Server;

namespace Mayu.Firmware.Tests;

/// <summary>A machine whose profile says <c>mode: live</c>: no disk, and from bare firmware to <c>running</c>.</summary>
public sealed class LiveProfileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_without_a_disk_is_discovered_then_runs_from_memory_with_the_config_of_its_initrd()
    {
        using var image = new LiveImage();
        await image.MakeAsync(Cancellation);
        await using var rack = await BootedRack.StartAsync(options => options with
        {
            Images = image.Images,
            Defaults = "mode: live",
            Profiles = [new LabProfile { Name = "default", Image = LiveImage.Name }],
        });
        var machine = await rack.BootAsync(MachineSpec.Numbered(47) with { DiskBytes = [] });

        var known = await rack.WaitUntilRunningAsync(machine);
        await machine.WaitForConsoleAsync("lab-os: running", BootedRack.Patience, Cancellation);
        await machine.PowerOffAsync();

        var console = machine.Console.ReadFrom(0);
        Assert.Contains("lab-live: Ignition: files", console, StringComparison.Ordinal);
        Assert.Contains($"has {known.InternalAddress}/24", console, StringComparison.Ordinal);
        var trace = (await rack.Api.GetTraceAsync(machine.Serial, Cancellation)).Value?.Items ?? [];
        string[] hops = [.. trace.Select(hop => hop.Name)];
        Assert.Equal(2, hops.Count(hop => hop == HopNames.Initrd));
        // It came with the initial RAM disk, before the image's.
        Assert.True(Array.LastIndexOf(hops, HopNames.Config) < Array.LastIndexOf(hops, HopNames.Initrd), string.Join(' ', hops));
        Assert.Contains("lab-live: the kernel line has no secret", console, StringComparison.Ordinal);
        Assert.DoesNotContain(HopNames.Image, hops);
    }
}
