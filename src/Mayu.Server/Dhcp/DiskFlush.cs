using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Server.Dhcp;

/// <summary>What the framework has no call for: to flush a folder, and to flush a file's content without its times.</summary>
internal static partial class DiskFlush
{
    private const int OpenReadOnly = 0;
    private const int OpenCloseOnExec = 0x80000;
    private const int Interrupted = 4;

    /// <summary>Makes a file's content durable: fdatasync(2). Where the file did not grow, the file system has nothing else to write.</summary>
    /// <exception cref="IOException">It cannot be flushed.</exception>
    public static void FlushContent(SafeFileHandle file)
    {
        while (FDataSync(file) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw Failed("fdatasync");
            }
        }
    }

    /// <summary>Makes the names in a folder durable: fsync(2) of the folder.</summary>
    /// <exception cref="IOException">It cannot be opened or flushed.</exception>
    public static void FlushFolder(string folder)
    {
        var descriptor = Open(folder, OpenReadOnly | OpenCloseOnExec);
        if (descriptor < 0)
        {
            throw Failed(folder);
        }

        try
        {
            if (FSync(descriptor) != 0)
            {
                throw Failed(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failed(string folder) => new($"{folder}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
