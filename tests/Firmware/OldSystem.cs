using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

/// <summary>
/// What an earlier use of a machine left on another disk: an EFI system partition whose loader, in Debian's folder, halts the machine.
/// </summary>
internal static class OldSystem
{
    public const long DiskBytes = 64L << 20;

    private const int PartitionMiB = 48;

    public static async Task InstallAsync(MachineDisk disk, CancellationToken cancellation)
    {
        var config = disk.Path + ".cfg";
        var program = disk.Path + ".efi";
        await File.WriteAllTextAsync(config, "echo 'the old system was started'\nhalt\n", cancellation);
        var partition = $"{disk.Path}@@1M";
        await RunAsync("grub-mkimage", "-O", "x86_64-efi", "-o", program, "-p", "/", "-c", config, "echo", "halt");
        await RunAsync("sgdisk", $"--new=1:1M:+{PartitionMiB}M", "--typecode=1:ef00", disk.Path);
        await RunAsync("mkfs.vfat", "-F", "32", "--offset", "2048", disk.Path, $"{PartitionMiB << 10}");
        await RunAsync("mmd", "-i", partition, "::EFI", "::EFI/debian");
        await RunAsync("mcopy", "-i", partition, program, "::EFI/debian/shimx64.efi");

        async Task RunAsync(string tool, params string[] arguments) =>
            (await Tool.RunAsync(tool, arguments, cancellation: cancellation)).OrThrow();
    }
}
