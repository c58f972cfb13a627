using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Linux.Files;

/// <summary>open(2), where the framework's way of opening does more than is wanted: it asks what a file is, and locks it.</summary>
internal static partial class OpenCall
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int NonBlocking = 0x800;

    private const int CloseOnExec = 0x80000;

    // One of the few flags that differ.
    public static readonly int NoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle Open(string path, int flags)
    {
        // rw-r--r--, for a file that is made.
        var handle = Open(path, flags | CloseOnExec, 0x1A4);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        var error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw Failure("open", path, error);
    }

    public static IOException Failure(string what, string path, int error) => new($"Cannot {what} {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);
}
