using System.Text.Json;
using Mayu.Client.Contracts;
using Mayu.Lab.Rack;
using Mayu.Lab.Server;

namespace Mayu.Firmware.Tests;

/// <summary>A machine that Debian's cloud-init sets up, with the built-in templates: <c>lab-cloud-os</c> has systemd and the real program.</summary>
public sealed class CloudInitTests
{
    private const string Root = "MAYU-ROOT";
    private const string Seed = "MAYU-OEM";
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ops@example";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_is_installed_with_a_seed_on_its_disk_and_cloud_init_applies_all_of_it_without_an_error()
    {
        await using var rack = await BootedRack.StartAsync(options => options with
        {
            Defaults = "provisioning: cloud-init",
            Profiles = [new LabProfile { Name = "default", Image = "lab-cloud-os" }],
            More = $"vars: {{ssh_authorized_keys: [\"{Key}\"]}}\n",
        });
        var machine = await rack.BootAsync(MachineSpec.Numbered(48));

        var known = await rack.WaitUntilRunningAsync(machine);
        await machine.WaitForConsoleAsync("lab-os: cloud-init has ended", BootedRack.Patience, Cancellation);
        await machine.PowerOffAsync();

        Assert.Null(known.Problem);
        Assert.Equal("Mayu Lab Cloud OS 1.0", known.Versions["OS"]);
        Assert.Equal(
            [MachineStates.Configured, MachineStates.Installing, MachineStates.Installed, MachineStates.Running],
            (await rack.StatesAsync(machine.Serial)).Where(state => state != MachineStates.Unknown));
        var disk = machine.Disks[0];
        await AssertEndedWellAsync(disk);
        await AssertAppliedAsync(disk, known);
        Assert.Equal($"iid-{await InstallIdAsync(rack, machine.Serial)}", (await disk.ReadFileAsync(Root, "/var/lib/cloud/data/instance-id", Cancellation))?.Trim());

        // Its network is that of the seed, too: what cloud-init tells of it is from before the machine reported anything.
        Assert.Matches($@"ci-info: .* True +\| +{known.InternalAddress?.Replace(".", @"\.", StringComparison.Ordinal)} +\|", machine.Console.ReadFrom(0));
    }

    private static async Task AssertEndedWellAsync(MachineDisk disk)
    {
        Assert.StartsWith("status: done\n", await disk.ReadFileAsync(Root, "/var/lib/lab-os/cloud-init-status", Cancellation), StringComparison.Ordinal);
        using var result = JsonDocument.Parse(await disk.ReadFileAsync(Root, "/var/lib/cloud/data/result.json", Cancellation) ?? "");
        var told = result.RootElement.GetProperty("v1");
        Assert.StartsWith("DataSourceNoCloud [seed=/var/lib/cloud/seed/nocloud]", told.GetProperty("datasource").GetString(), StringComparison.Ordinal);
        Assert.Empty(told.GetProperty("errors").EnumerateArray());
        var log = await disk.ReadFileAsync(Root, "/var/log/cloud-init.log", Cancellation) ?? "";
        Assert.All(["init-local", "init", "modules:config", "modules:final"], stage => Assert.Contains($"running '{stage}'", log, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"\[(WARNING|ERROR|CRITICAL)\]|Traceback", log);
    }

    private static async Task AssertAppliedAsync(MachineDisk disk, Machine known)
    {
        Assert.Equal(known.Hostname, (await disk.ReadFileAsync(Root, "/etc/hostname", Cancellation))?.Trim());
        Assert.Equal(known.MachineId, (await disk.ReadFileAsync(Root, "/etc/machine-id", Cancellation))?.Trim());
        Assert.Contains($"\"{known.Serial}\"", await disk.ReadFileAsync(Root, "/etc/mayu/machine.json", Cancellation));
        Assert.Contains("ExecStart=/opt/mayu/boot-complete", await disk.ReadFileAsync(Root, "/etc/systemd/system/mayu-boot-complete.service", Cancellation));
        Assert.Contains(Key, await disk.ReadFileAsync(Root, "/home/debian/.ssh/authorized_keys", Cancellation));
        Assert.Matches("(?m)^debian:!", await disk.ReadFileAsync(Root, "/etc/shadow", Cancellation));
        Assert.StartsWith("#cloud-config\n", await disk.ReadFileAsync(Seed, "/user-data", Cancellation), StringComparison.Ordinal);
    }

    /// <summary>The number of the installation that Mayu has in the machine's record.</summary>
    private static async Task<string?> InstallIdAsync(BootedRack rack, string serial)
    {
        var record = await File.ReadAllTextAsync(Path.Combine(rack.Server.ClusterFolder, serial, "conf.json"), Cancellation);
        using var json = JsonDocument.Parse(record);
        return json.RootElement.GetProperty("InstallID").GetString();
    }
}
