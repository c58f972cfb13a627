using System.IO.Compression;
using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

/// <summary>
/// A folder of images that has the lab's own and <c>live</c>: the lab's OS, started from memory. Its initial RAM disk is the discovery system's with
/// that OS's root partition and another <c>init</c> behind it (a kernel unpacks one archive after the other).
/// </summary>
internal sealed class LiveImage : IDisposable
{
    public const string Name = "live";

    private static readonly string[] Others = ["discovery", "lab-os"];

    private readonly string _folder = Directory.CreateTempSubdirectory("mayu-live-").FullName;

    public string Images => Path.Combine(_folder, "images");

    public async Task MakeAsync(CancellationToken cancellation)
    {
        var image = Directory.CreateDirectory(Path.Combine(Images, Name)).FullName;
        foreach (var other in Others)
        {
            Directory.CreateSymbolicLink(Path.Combine(Images, other), Path.Combine(LabFiles.Images, other));
        }

        File.CreateSymbolicLink(Path.Combine(image, "vmlinuz"), Path.Combine(LabFiles.Images, "discovery", "vmlinuz"));
        var tree = Directory.CreateDirectory(Path.Combine(_folder, "tree")).FullName;
        await UnpackRootAsync(Directory.CreateDirectory(Path.Combine(tree, "sysroot")).FullName, cancellation);
        File.Copy(Path.Combine(LabFiles.Root, "tests", "Firmware", "live", "init"), Path.Combine(tree, "init"));
        File.SetUnixFileMode(Path.Combine(tree, "init"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var archive = Path.Combine(_folder, "tree.cpio");
        (await Tool.RunAsync(
            "sh", ["-c", "cd \"$1\" && find . -mindepth 1 | cpio -o -H newc --quiet -R 0:0 > \"$2\"", "sh", tree, archive], cancellation: cancellation)).OrThrow();
        await JoinAsync(Path.Combine(LabFiles.Images, "discovery", "initrd.cpio.gz"), archive, Path.Combine(image, "initrd.cpio.gz"), cancellation);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task UnpackRootAsync(string target, CancellationToken cancellation)
    {
        var disk = Path.Combine(_folder, "disk.raw");
        await using (var packed = File.OpenRead(Path.Combine(LabFiles.Images, "lab-os", "install_image.bin.gz")))
        await using (var image = new GZipStream(packed, CompressionMode.Decompress))
        await using (var raw = File.Create(disk))
        {
            await image.CopyToAsync(raw, cancellation);
        }

        DiskPartition root;
        using (var raw = File.OpenRead(disk))
        {
            root = PartitionTable.Read(raw).Single(partition => partition.Label == "MAYU-ROOT");
        }

        (await Tool.RunAsync("debugfs", ["-R", $"rdump / {target}", $"{disk}?offset={root.Offset}"], cancellation: cancellation)).OrThrow();
        File.Delete(disk);
    }

    private static async Task JoinAsync(string first, string archive, string joined, CancellationToken cancellation)
    {
        await using var target = File.Create(joined);
        await using (var one = File.OpenRead(first))
        {
            await one.CopyToAsync(target, cancellation);
        }

        await using var packed = new GZipStream(target, CompressionLevel.Fastest);
        await using var other = File.OpenRead(archive);
        await other.CopyToAsync(packed, cancellation);
    }
}
