using System.IO.Compression;
using Mayu.Lab.Rack;

namespace Mayu.Firmware.Tests;

/// <summary>Where the programs and images are that the firmware tests work with: where lab/setup puts them.</summary>
internal static class LabFiles
{
    public static string Root { get; } = FindRoot();

    public static string Images => Path.Combine(Environment.GetEnvironmentVariable("LAB_CACHE") ?? Path.Combine(Root, "lab", ".cache"), "images");

    public static string Mayu => Native("Mayu.Server", "mayu");

    public static string Mayuctl => Native("Mayu.Ctl", "mayuctl");

    public static string InfoPusher => Native("Mayu.InfoPusher", "infopusher");

    /// <summary>Puts the lab's OS image on a disk, as the first-stage script does.</summary>
    public static async Task InstallAsync(MachineDisk disk, CancellationToken cancellation)
    {
        await using var image = File.OpenRead(Path.Combine(Images, "lab-os", "install_image.bin.gz"));
        await using var raw = new GZipStream(image, CompressionMode.Decompress);
        await using var target = File.OpenWrite(disk.Path);
        await raw.CopyToAsync(target, cancellation);
    }

    private static string Native(string project, string program) =>
        Path.Combine(Root, "artifacts", "publish", project, "release_linux-x64", program);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mayu.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Mayu.slnx above {AppContext.BaseDirectory}");
    }
}
