using Mayu.Storage.Disk;

namespace Mayu.Storage.Folders;

/// <summary>Takes a cluster directory for this process.</summary>
internal static class ClusterDirectory
{
    /// <summary>Makes the directory if missing, and locks it.</summary>
    /// <exception cref="IOException">Another mayu has it open, or it cannot be made.</exception>
    public static DirectoryLock Take(ClusterLayout layout)
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
