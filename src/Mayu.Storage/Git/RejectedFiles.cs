namespace Mayu.Storage.Git;

/// <summary>Files that could not be read and are in the way of the committed ones: kept where nothing reads them.</summary>
internal static class RejectedFiles
{
    /// <summary>Moves a file, or a folder in its place, out of the way.</summary>
    public static void SetAside(ClusterLayout layout, string path, TimeProvider time)
    {
        var source = layout.OnDisk(path);
        var name = Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : Path.GetFileNameWithoutExtension(path);
        var target = Path.Combine(layout.Rejected, $"{name}-{time.GetUtcNow().ToUnixTimeMilliseconds()}.json");
        Directory.CreateDirectory(layout.Rejected);
        if (File.Exists(source))
        {
            File.Move(source, target);
        }
        else if (Directory.Exists(source))
        {
            Directory.Move(source, target);
        }
    }
}
