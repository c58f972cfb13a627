using Mayu.Client.Contracts;
using Mayu.Lab.Rack;
using Mayu.Lab.Server;

namespace Mayu.Firmware.Tests;

/// <summary>A machine whose profile says <c>mode: live</c>: no disk, and from bare firmware to <c>running</c>.</summary>
public sealed class LiveProfileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_without_a_disk_is_discovered_then_runs_from_memory_with_the_config_of_its_initrd_or_of_the_pointer_in_it()
    {
        using var image = new LiveImage();
        await image.MakeAsync(Cancellation);
        await using var rack = await BootedRack.StartAsync(options => options with
        {
            Images = image.Images,
            Defaults = "mode: live",
            Profiles =
            [
                new LabProfile { Name = "pointed", Quantity = 1, Image = LiveImage.Name, TokenDelivery = "pointer" },
                new LabProfile { Name = "default", Image = LiveImage.Name },
            ],
        });

        // The first to be discovered takes the profile that has one slot.
        var pointed = await RunAsync(rack, 48, "pointed");
        Assert.True(Array.LastIndexOf(pointed, HopNames.Config) > Array.LastIndexOf(pointed, HopNames.Initrd), string.Join(' ', pointed));
        var whole = await RunAsync(rack, 47, "default");
        Assert.True(Array.LastIndexOf(whole, HopNames.Config) < Array.LastIndexOf(whole, HopNames.Initrd), string.Join(' ', whole));
    }

    private static async Task<string[]> RunAsync(BootedRack rack, int number, string profile)
    {
        var machine = await rack.BootAsync(MachineSpec.Numbered(number) with { DiskBytes = [] });
        var known = await rack.WaitUntilRunningAsync(machine);
        await machine.WaitForConsoleAsync("lab-os: running", BootedRack.Patience, Cancellation);
        await machine.PowerOffAsync();

        Assert.Equal(profile, known.Profile);
        var console = machine.Console.ReadFrom(0);
        Assert.Contains("lab-live: Ignition: files", console, StringComparison.Ordinal);
        Assert.Contains($"has {known.InternalAddress}/24", console, StringComparison.Ordinal);
        Assert.Contains("lab-live: the kernel line has no secret", console, StringComparison.Ordinal);
        var trace = (await rack.Api.GetTraceAsync(machine.Serial, Cancellation)).Value?.Items ?? [];
        string[] hops = [.. trace.Select(hop => hop.Name)];
        Assert.Equal(2, hops.Count(hop => hop == HopNames.Initrd));
        Assert.DoesNotContain(HopNames.Image, hops);
        return hops;
    }
}
