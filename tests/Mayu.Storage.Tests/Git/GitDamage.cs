namespace Mayu.Storage.Tests.Git;

/// <summary>Spoils an object of a repository as a bad disk does.</summary>
internal static class GitDamage
{
    /// <summary>Overwrites what is kept of one object, and of no other.</summary>
    /// <param name="directory">The cluster directory.</param>
    /// <param name="id">The object.</param>
    /// <param name="packed">Whether all objects are packed first, each whole, so that no other is told as a difference from this one.</param>
    public static async Task DamageAsync(string directory, string id, bool packed)
    {
        var objects = Path.Combine(directory, ".git", "objects");
        if (!packed)
        {
            await OverwriteAsync(Path.Combine(objects, id[..2], id[2..]), 0, int.MaxValue);
            return;
        }

        await GitProgram.RunAsync(directory, "repack", "-a", "-d", "-f", "-q", "--depth=0");
        var pack = Assert.Single(Directory.GetFiles(Path.Combine(objects, "pack"), "*.pack"));
        var listed = await GitProgram.RunAsync(directory, "verify-pack", "-v", Path.ChangeExtension(pack, ".idx"));
        // Object, kind, size, size in the pack, offset.
        var fields = listed.Split('\n').Single(line => line.StartsWith(id, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // Its first two bytes say what it is and how long.
        await OverwriteAsync(pack, int.Parse(fields[4]) + 2, int.Parse(fields[3]) - 2);
    }

    private static async Task OverwriteAsync(string path, int from, int most)
    {
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var content = await File.ReadAllBytesAsync(path);
        content.AsSpan(from, Math.Min(most, content.Length - from)).Fill(0xa5);
        await File.WriteAllBytesAsync(path, content);
    }
}
