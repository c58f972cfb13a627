using Mayu.Storage.Disk;

namespace Mayu.Storage.Folders;

/// <summary>A cluster directory as a whole.</summary>
public static class ClusterDirectory
{
    /// <summary>
    /// Whether a cluster is there, whole or damaged. What else lies in a directory is none: a file system has a folder of its own, and who found the
    /// mount point may have left a note.
    /// </summary>
    public static bool HasCluster(string directory) => Directory.Exists(directory)
        && (Path.Exists(new ClusterLayout(directory).GitDirectory)
            || Directory.Exists(new ClusterLayout(directory, HasHistory: false).Own)
            || File.Exists(Path.Combine(directory, ClusterLayout.ClusterFileName))
            || Directory.EnumerateDirectories(directory).Any(folder => File.Exists(Path.Combine(folder, ClusterLayout.RecordName))));

    /// <summary>Makes the directory if missing, and locks it for this process.</summary>
    /// <exception cref="IOException">Another mayu has it open, or it cannot be made.</exception>
    internal static DirectoryLock Take(ClusterLayout layout)
    {
        if (!Directory.Exists(layout.Directory))
        {
            Directory.CreateDirectory(layout.Directory);
            if (!OperatingSystem.IsWindows())
            {
                // Overrides may hold secrets: nobody else's business, unless an operator made the directory himself.
                File.SetUnixFileMode(layout.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        if (layout.HasHistory && File.Exists(layout.GitDirectory))
        {
            throw new IOException($"{layout.GitDirectory} is a file: a linked worktree or a submodule cannot be a cluster directory.");
        }

        var folder = DirectoryLock.TryTakeFolder(layout.Directory)
            ?? throw InUse(DirectoryLock.HolderIn(layout.Lock, layout.OtherLock));
        try
        {
            Directory.CreateDirectory(layout.Own);

            // What tells who has it. A mayu of an earlier version locks this file alone, of the one or of the other kind.
            folder.Beside = Take(layout.Lock);

            // Whoever comes second sees the first one's: each takes its own before it looks for the other.
            if (File.Exists(layout.OtherLock))
            {
                Take(layout.OtherLock).Dispose();
            }

            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static DirectoryLock Take(string path) => DirectoryLock.TryTake(path, out var holder) ?? throw InUse(holder);

    private static IOException InUse(string? holder) => new($"another mayu (pid {holder}) has it open.");
}
