using Mayu.Lab;
using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

public class MachineDiskTests
{
    [Fact]
    public async Task A_file_can_be_written_on_an_installed_disk_and_read_again()
    {
        await using var rack = await VirtualRack.StartAsync(new RackOptions(), Cancellation);
        var machine = await rack.AddMachineAsync(MachineSpec.Numbered(1), Cancellation);
        var disk = machine.Disks[0];
        Assert.Empty(disk.Partitions());

        await LabFiles.InstallAsync(disk, Cancellation);
        await disk.WriteFileAsync("MAYU-OEM", "/note", "first\n", Cancellation);
        await disk.WriteFileAsync("MAYU-OEM", "/note", "second\n", Cancellation);

        Assert.Equal("second\n", await disk.ReadFileAsync("MAYU-OEM", "/note", Cancellation));
        Assert.Null(await disk.ReadFileAsync("MAYU-OEM", "/no such file", Cancellation));
        Assert.Contains("lab-os", await disk.ReadFileAsync("MAYU-ROOT", "/etc/os-release", Cancellation));
        var failure = await Assert.ThrowsAsync<LabException>(() => disk.ReadFileAsync("MAYU-DATA", "/note", Cancellation));
        Assert.Contains("MAYU-OEM", failure.Message);
    }

    [Fact]
    public async Task A_file_can_be_written_on_a_FAT_partition_and_read_again()
    {
        await using var rack = await VirtualRack.StartAsync(new RackOptions(), Cancellation);
        var disk = (await rack.AddMachineAsync(MachineSpec.Numbered(1), Cancellation)).Disks[0];
        await LabFiles.InstallAsync(disk, Cancellation);
        var esp = disk.Partitions()[1].Label;

        await disk.WriteFileAsync(esp, "/note.txt", "here\n", Cancellation);

        Assert.Equal("here\n", await disk.ReadFileAsync(esp, "/note.txt", Cancellation));
        Assert.Null(await disk.ReadFileAsync(esp, "/none.txt", Cancellation));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
