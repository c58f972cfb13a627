using System.Runtime.InteropServices;

namespace Mayu.Linux.Files;

/// <summary>What the framework does otherwise with folders: one is made without those above it, and removed only when it is empty.</summary>
public static partial class FolderCalls
{
    private const int AccessInto = 1;
    private const int AccessWrite = 2;

    /// <summary>
    /// Makes a folder, but not the ones above it: where a directory has vanished (a mount that went away) nothing may be written in its place.
    /// </summary>
    /// <returns>False when it exists already.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static bool Make(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        // rwxr-xr-x, less the umask.
        return MkDir(path, 0x1ED) == 0 ? true : throw OpenCall.Failure("make", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Removes a folder unless something is in it.</summary>
    /// <returns>False when something is in it.</returns>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public static bool RemoveIfEmpty(string path)
    {
        if (RmDir(path) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error switch
        {
            Errno.NotEmpty => false,
            Errno.NoEntry => true,
            _ => throw OpenCall.Failure("remove", path, error),
        };
    }

    /// <summary>Whether a folder is there, and permissions keep this process from changing what is in it. Not so on a read-only disk, which harms all.</summary>
    public static bool IsForbidden(string path) => Access(path, AccessInto | AccessWrite) != 0 && Marshal.GetLastPInvokeError() == Errno.AccessDenied;

    /// <summary>Sees that a folder can be written to, as far as its permissions and its disk say: nothing is written.</summary>
    /// <exception cref="IOException">It cannot: a disk that turned read-only says so before the next change comes.</exception>
    public static void DemandWritable(string path)
    {
        if (Access(path, AccessInto | AccessWrite) != 0)
        {
            throw OpenCall.Failure("write to", path, Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkDir(string path, int mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RmDir(string path);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
