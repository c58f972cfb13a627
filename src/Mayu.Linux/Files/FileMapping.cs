using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Linux.Files;

/// <summary>
/// Maps a file into memory, for the kernel to send from: mmap(2). No code of this process may touch a mapping, only the kernel on its behalf:
/// of a file that became shorter the kernel says EFAULT, where a read of our own would be a SIGBUS.
/// </summary>
public static unsafe partial class FileMapping
{
    private const int ReadProtection = 1;
    private const int PrivateMapping = 2;
    private const nint Failed = -1;

    /// <summary>Maps a file for reading.</summary>
    /// <param name="file">The open file; it may be closed afterwards.</param>
    /// <param name="size">Its size, at least 1.</param>
    /// <returns>Where it begins; null when it cannot be mapped.</returns>
    public static byte* Map(SafeFileHandle file, long size)
    {
        var start = MMap(null, (nuint)size, ReadProtection, PrivateMapping, file, 0);
        return start == Failed ? null : (byte*)start;
    }

    /// <summary>Gives a mapping back.</summary>
    public static void Unmap(byte* start, long size) => _ = MUnmap(start, (nuint)size);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MMap(void* address, nuint length, int protection, int flags, SafeFileHandle file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int MUnmap(void* address, nuint length);
}
