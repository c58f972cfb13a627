using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Linux.Files;

/// <summary>Makes durable what the framework has no call for: a folder, a file's content without its times, a whole file system.</summary>
public static partial class DiskFlush
{
    /// <summary>Makes the names in a folder durable: fsync(2) of the folder.</summary>
    /// <exception cref="IOException">It cannot be opened or flushed.</exception>
    public static void FlushFolder(string path)
    {
        using var folder = OpenCall.Open(path, OpenCall.ReadOnly);
        Flush(folder, path, FSync);
    }

    /// <summary>As <see cref="FlushFolder"/>, for a folder that git may remove at any moment, together with an object that is in a pack.</summary>
    /// <exception cref="IOException">It is there, and cannot be opened or flushed.</exception>
    public static void FlushFolderIfThere(string path)
    {
        try
        {
            FlushFolder(path);
        }
        catch (IOException e) when (e.HResult == Errno.NoEntry)
        {
            // What was in it is in a pack, durably.
        }
    }

    /// <summary>Makes all of a file system durable: syncfs(2). Slow when others write; for a first start only.</summary>
    /// <exception cref="IOException">It cannot be opened or flushed.</exception>
    public static void FlushFileSystem(string path)
    {
        using var folder = OpenCall.Open(path, OpenCall.ReadOnly);
        Flush(folder, path, SyncFs);
    }

    /// <summary>Makes a file's content durable: fdatasync(2). Where the file did not grow, the file system has nothing else to write.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="path">What it is called, for a message.</param>
    /// <exception cref="IOException">It cannot be flushed.</exception>
    public static void FlushContent(SafeFileHandle file, string path) => Flush(file, path, FDataSync);

    private static void Flush(SafeFileHandle handle, string path, Func<SafeFileHandle, int> call)
    {
        while (call(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Errno.Interrupted)
            {
                throw OpenCall.Failure("flush", path, error);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(SafeFileHandle handle);
}
