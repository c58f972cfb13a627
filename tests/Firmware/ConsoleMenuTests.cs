using Mayu.Client.Contracts;
using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

/// <summary>The menu of <c>pxe.menu</c>, as somebody at the console of a machine sees it.</summary>
public sealed class ConsoleMenuTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_somebody_chooses_is_done_and_after_the_time_what_mayu_decided()
    {
        await using var rack = await BootedRack.StartAsync(options => options with { More = "pxe: {menu: 8s}\n" });

        await Task.WhenAll(TheDiskIsChosenAsync(rack), NobodyChoosesAsync(rack));
    }

    private static async Task TheDiskIsChosenAsync(BootedRack rack)
    {
        const string FromItsDisk = "this is the disk of the machine";
        var machine = await rack.Rack.AddMachineAsync(MachineSpec.Numbered(41) with { DiskBytes = [1 << 20] }, Cancellation);
        BootSector.Write(machine.Disks[0].Path, FromItsDisk);
        await machine.PowerOnAsync();

        await machine.WaitForConsoleAsync("What Mayu decided: discovering machine lab-0041", BootedRack.Patience, Cancellation);
        await machine.WaitForConsoleAsync("iPXE shell", BootedRack.Patience, Cancellation);
        await machine.PressAsync("down", Cancellation);
        await machine.PressAsync("ret", Cancellation);

        await machine.WaitForConsoleAsync(FromItsDisk, BootedRack.Patience, Cancellation);
        await machine.PowerOffAsync();
        // Mayu's answer stands; nobody carried it out.
        Assert.DoesNotContain(await TraceAsync(rack, machine), hop => hop.Name == HopNames.Kernel);
    }

    private static async Task NobodyChoosesAsync(BootedRack rack)
    {
        var machine = await rack.BootAsync(MachineSpec.Numbered(42) with { DiskBytes = [] });

        await machine.WaitForConsoleAsync("Start the discovery system", BootedRack.Patience, Cancellation);
        await machine.WaitForConsoleAsync("mayu-discovery: Linux", BootedRack.Patience, Cancellation);
        await machine.PowerOffAsync();
        Assert.Contains(await TraceAsync(rack, machine), hop => hop.Name == HopNames.Initrd);
    }

    private static async Task<IReadOnlyList<Hop>> TraceAsync(BootedRack rack, RackMachine machine) =>
        (await rack.Api.GetTraceAsync(machine.Serial, Cancellation)).Value?.Items ?? [];
}
