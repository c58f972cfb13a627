namespace Mayu.Bench.Network;

/// <summary>Images in name: nothing of them is downloaded, but a machine is promised only what is there.</summary>
internal static class BenchImages
{
    /// <summary>Writes the discovery system and <c>bench-os</c>.</summary>
    public static void Write(string images)
    {
        var (discovery, os) = (Path.Combine(images, "discovery"), Path.Combine(images, "bench-os"));
        Directory.CreateDirectory(discovery);
        Directory.CreateDirectory(os);
        File.WriteAllText(Path.Combine(discovery, "vmlinuz"), "kernel");
        File.WriteAllText(Path.Combine(discovery, "initrd.cpio.gz"), "initrd");
        File.WriteAllText(Path.Combine(os, "install_image.bin.gz"), "image");
        File.WriteAllText(
            Path.Combine(os, "image.json"),
            $$$"""{"version":"1.0","disk":{"file":"install_image.bin.gz","size":1073741824,"sha256":"{{{new string('0', 64)}}}"}}""");
    }
}
