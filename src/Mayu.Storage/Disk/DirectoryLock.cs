using System.Text;
using Mayu.Linux.Files;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Storage.Disk;

/// <summary>One mayu at a time may have a cluster directory open. The kernel frees the lock when the process ends, however it ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly SafeFileHandle _handle;

    private DirectoryLock(SafeFileHandle handle) => _handle = handle;

    /// <summary>Another lock that is let go of with this one.</summary>
    public DirectoryLock? Beside { get; set; }

    /// <summary>Takes the lock of a directory itself: a lock file can be removed under a server that holds it, and a second one makes it anew.</summary>
    /// <param name="directory">The directory; it is there.</param>
    /// <returns>Null where somebody else has it.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static DirectoryLock? TryTakeFolder(string directory)
    {
        var (handle, locked) = FileLock.OpenFolder(directory);
        if (locked)
        {
            return new DirectoryLock(handle);
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Who took a lock file last: a pid as text, or that nobody knows.</summary>
    /// <param name="paths">The lock files that there may be.</param>
    public static string HolderIn(params IEnumerable<string> paths)
    {
        Span<byte> content = stackalloc byte[32];
        foreach (var path in paths.OrderByDescending(File.GetLastWriteTimeUtc))
        {
            try
            {
                using var file = FileLock.OpenUnlockedIfThere(path);
                if (file is not null && RandomAccess.Read(file, content, 0) is var length and > 0)
                {
                    return Encoding.ASCII.GetString(content[..length]).Trim();
                }
            }
            catch (IOException)
            {
                // It only names whom to look for.
            }
        }

        return "unknown";
    }

    /// <summary>Takes the lock of a file.</summary>
    /// <param name="path">The lock file; it is made if missing and stays.</param>
    /// <param name="holder">The pid that has it, as text, when somebody else does.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static DirectoryLock? TryTake(string path, out string? holder)
    {
        var (handle, locked) = FileLock.OpenFile(path);
        if (!locked)
        {
            using (handle)
            {
                Span<byte> content = stackalloc byte[32];
                holder = Encoding.ASCII.GetString(content[..RandomAccess.Read(handle, content, 0)]).Trim();
                return null;
            }
        }

        try
        {
            using var writing = FileLock.OpenUnlocked(path);
            RandomAccess.SetLength(writing, 0);
            RandomAccess.Write(writing, Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"), 0);
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        holder = null;
        return new DirectoryLock(handle);
    }

    public void Dispose()
    {
        Beside?.Dispose();
        if (!_handle.IsClosed)
        {
            FileLock.Unlock(_handle);
        }

        _handle.Dispose();
    }
}
