using Mayu.Client.Contracts;
using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

public sealed class FirmwareToRunningTests(ThreeMachines rack) : IClassFixture<ThreeMachines>
{
    private const string Root = "MAYU-ROOT";
    private const string Marker = "/var/lib/marker";

    [Fact]
    public void Every_machine_goes_through_the_states_in_their_order_and_runs()
    {
        Assert.Equal(3, rack.States.Count);
        Assert.All(rack.States.Values, states => Assert.Equal(
            [MachineStates.Configured, MachineStates.Installing, MachineStates.Installed, MachineStates.Running],
            states.Where(state => state != MachineStates.Unknown)));
        Assert.All(rack.Known.Values, machine => Assert.Null(machine.Problem));
    }

    [Fact]
    public void The_slots_of_a_profile_are_filled_and_the_third_machine_falls_to_default() =>
        Assert.Equal(["core", "core", "default"], rack.Known.Values.Select(machine => machine.Profile).Order());

    [Fact]
    public void Every_machine_has_an_address_of_its_own_from_the_internal_range()
    {
        Assert.Equal(3, rack.Known.Values.Select(machine => machine.InternalAddress).Distinct().Count());
        Assert.All(rack.Known.Values, machine => Assert.Matches(@"^10\.77\.0\.[1-9][0-9]$", machine.InternalAddress));
    }

    [Fact]
    public void A_machine_is_known_by_what_its_firmware_says()
    {
        Assert.Equal("bios", rack.Known["lab-0001"].Firmware);
        Assert.Equal("uefi", rack.Known["lab-0003"].Firmware);
        Assert.Equal("4d617975-4c61-4062-8000-000000000003", rack.Known["lab-0003"].Uuid);
        Assert.Contains("52:54:00:4d:59:03", rack.Known["lab-0003"].MacAddresses);
        Assert.Contains("Kernel", rack.Known["lab-0003"].Versions.Keys);
    }

    [Fact]
    public async Task What_Ignition_applied_is_on_the_disk_with_machine_id_and_serial()
    {
        var known = rack.Known["lab-0003"];
        var machine = rack["lab-0003"];
        await machine.PowerOffAsync();
        var disk = machine.Disks[0];

        Assert.Equal(known.Hostname, (await disk.ReadFileAsync(Root, "/etc/hostname", Cancellation))?.Trim());
        Assert.Contains($"Address={known.InternalAddress}/24", await disk.ReadFileAsync(Root, "/etc/systemd/network/10-mayu.network", Cancellation));
        Assert.Contains("lab-0003", await disk.ReadFileAsync(Root, "/etc/mayu/machine.json", Cancellation));
        Assert.Equal(known.MachineId, (await disk.ReadFileAsync(Root, "/etc/machine-id", Cancellation))?.Trim());
        Assert.Equal("lab-0003", (await disk.ReadFileAsync(Root, "/etc/mayu/serial", Cancellation))?.Trim());
        Assert.Contains("\"ignition\"", await disk.ReadFileAsync("MAYU-OEM", "/config.ign", Cancellation));
    }

    [Fact]
    public async Task A_running_machine_that_boots_from_the_network_again_is_not_installed_again()
    {
        var machine = rack["lab-0001"];
        Assert.Equal(BootOrder.NetworkFirst, machine.Spec.BootOrder);
        await machine.PowerOffAsync();
        await machine.Disks[0].WriteFileAsync(Root, Marker, "still here\n", Cancellation);

        await machine.PowerOnAsync();
        await machine.WaitForConsoleAsync("lab-os: hostname is", BootedRack.Patience, Cancellation);
        await machine.PowerOffAsync();

        Assert.Equal("still here\n", await machine.Disks[0].ReadFileAsync(Root, Marker, Cancellation));
        Assert.Equal(MachineStates.Running, (await rack.Booted.AskAsync("lab-0001"))?.State);
        Assert.Equal(rack.States["lab-0001"], await rack.Booted.StatesAsync("lab-0001"));
        var trace = (await rack.Booted.Api.GetTraceAsync("lab-0001", Cancellation)).Value?.Items ?? [];
        Assert.Contains(trace, hop => hop is { Name: HopNames.OwnDisk, Detail: "iPXE script: it is running: a script starts its own disk" });
    }

    [Fact]
    public async Task An_operators_word_has_a_machine_installed_again_with_the_same_address_and_machine_id()
    {
        var machine = rack["lab-0002"];
        var before = rack.Known["lab-0002"];
        await machine.PowerOffAsync();
        await machine.Disks[0].WriteFileAsync(Root, Marker, "to be gone\n", Cancellation);

        (await rack.Booted.Server.MayuctlAsync(["set", "lab-0002", "state", "configured", "--yes", "--reason", "a firmware test"], Cancellation)).OrThrow();
        Assert.Equal(MachineStates.Configured, (await rack.Booted.AskAsync("lab-0002"))?.State);
        await machine.PowerOnAsync();
        var after = await rack.Booted.WaitUntilRunningAsync(machine);
        await machine.PowerOffAsync();

        Assert.Null(await machine.Disks[0].ReadFileAsync(Root, Marker, Cancellation));
        Assert.Equal(before.MachineId, (await machine.Disks[0].ReadFileAsync(Root, "/etc/machine-id", Cancellation))?.Trim());
        Assert.Equal((before.MachineId, before.InternalAddress, before.Profile), (after.MachineId, after.InternalAddress, after.Profile));
    }

    [Fact]
    public async Task A_power_cut_during_the_installation_heals_at_the_next_boot_whatever_the_boot_order()
    {
        var healed = await Task.WhenAll(
            CutAndHealAsync(MachineSpec.Numbered(4) with { BootOrder = BootOrder.NetworkFirst }),
            CutAndHealAsync(MachineSpec.Numbered(5) with { BootOrder = BootOrder.DiskFirst }));

        Assert.All(healed, machine => Assert.Null(machine.Problem));
    }

    [Fact]
    public async Task A_power_cut_between_the_last_sector_and_the_report_of_it_is_told_by_the_system_that_comes_up()
    {
        var template = Path.Combine(rack.Booted.Server.TemplatesFolder, "first_stage_script.sh");
        var script = await File.ReadAllTextAsync(Path.Combine(LabFiles.Root, "templates", "first_stage_script.sh"), Cancellation);
        const string LastStep = "# Mayu must know before the reboot";
        Assert.Contains(LastStep, script);
        Directory.CreateDirectory(rack.Booted.Server.TemplatesFolder);
        await File.WriteAllTextAsync(template, script.Replace(LastStep, "sleep 3600\n" + LastStep, StringComparison.Ordinal), Cancellation);

        var spec = MachineSpec.Numbered(6) with { BootOrder = BootOrder.DiskFirst };
        var machine = await rack.Booted.BootAsync(spec);
        await machine.WaitForConsoleAsync("is bootable", BootedRack.Patience, Cancellation);
        await machine.PowerOffAsync();
        File.Delete(template);
        Assert.Equal(MachineStates.Installing, (await rack.Booted.AskAsync(spec.Serial))?.State);

        await machine.PowerOnAsync();
        var known = await rack.Booted.WaitUntilRunningAsync(machine);
        await machine.PowerOffAsync();
        Assert.Null(known.Problem);
        Assert.Equal([MachineStates.Configured, MachineStates.Installing, MachineStates.Running], await rack.Booted.StatesAsync(spec.Serial));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<Machine> CutAndHealAsync(MachineSpec spec)
    {
        var machine = await rack.Booted.BootAsync(spec);
        var before = await rack.Booted.WaitAsync(
            machine,
            "begin to write its disk",
            known => known is { State: MachineStates.Installing, Hop: { Name: HopNames.Progress, Bytes: > 0 } });
        await machine.PowerOffAsync();
        Assert.NotEqual(MachineStates.Installed, (await rack.Booted.AskAsync(spec.Serial))?.State);

        await machine.PowerOnAsync();
        var after = await rack.Booted.WaitUntilRunningAsync(machine);
        await machine.PowerOffAsync();
        Assert.Equal((before.MachineId, before.InternalAddress), (after.MachineId, after.InternalAddress));
        Assert.Equal(after.Hostname, (await machine.Disks[0].ReadFileAsync(Root, "/etc/hostname", Cancellation))?.Trim());
        return after;
    }
}
