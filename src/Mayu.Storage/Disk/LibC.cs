using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Storage.Disk;

/// <summary>What the framework has no call for: to flush a folder, and to lock a file so that its reader may still read it.</summary>
internal static partial class LibC
{
    private const int OpenReadOnly = 0;
    private const int OpenReadWrite = 2;
    private const int OpenCreate = 0x40;
    private const int OpenNonBlocking = 0x800;
    private const int OpenCloseOnExec = 0x80000;

    // open(2): one of the few flags that differ.
    private static readonly int OpenNoLink = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int LockRelease = 8;
    private const int NoEntryError = 2;
    private const int NotThereError = 2;
    private const int InterruptedError = 4;
    private const int ForbiddenError = 13;
    private const int AccessInto = 1;
    private const int AccessWrite = 2;
    private const int NoFolderError = 20;
    private const int WouldBlockError = 11;
    private const int NotEmptyError = 39;

    /// <summary>Makes the names in a folder durable: fsync(2) of the folder.</summary>
    /// <exception cref="IOException">It cannot be opened or flushed.</exception>
    public static void FlushFolder(string path)
    {
        using var folder = Opened(path, OpenReadOnly | OpenCloseOnExec);
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
        catch (IOException e) when (e.HResult == NotThereError)
        {
            // What was in it is in a pack, durably.
        }
    }

    /// <summary>Makes all of a file system durable: syncfs(2). Slow when others write; for a first start only.</summary>
    /// <exception cref="IOException">It cannot be opened or flushed.</exception>
    public static void FlushFileSystem(string path)
    {
        using var folder = Opened(path, OpenReadOnly | OpenCloseOnExec);
        Flush(folder, path, SyncFs);
    }

    /// <summary>
    /// Makes a folder, but not the ones above it: where the cluster directory has vanished (a mount that went away) nothing may
    /// be written in its place.
    /// </summary>
    /// <returns>False when it exists already.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static bool MakeFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        // rwxr-xr-x, less the umask.
        return MkDir(path, 0x1ED) == 0 ? true : throw Failure("make", path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Removes a folder unless something is in it.</summary>
    /// <returns>False when something is in it.</returns>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public static bool RemoveEmptyFolder(string path)
    {
        if (RmDir(path) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error switch
        {
            NotEmptyError => false,
            NoEntryError => true,
            _ => throw Failure("remove", path, error),
        };
    }

    /// <summary>Whether a folder is there, and permissions keep this process from changing what is in it. Not so on a read-only disk, which harms all.</summary>
    public static bool IsForbidden(string path) => Access(path, AccessInto | AccessWrite) != 0 && Marshal.GetLastPInvokeError() == ForbiddenError;

    /// <summary>Sees that a folder can be written to, as far as its permissions and its disk say: nothing is written.</summary>
    /// <exception cref="IOException">It cannot: a disk that turned read-only says so before the next change comes.</exception>
    public static void DemandWritable(string path)
    {
        if (Access(path, AccessInto | AccessWrite) != 0)
        {
            throw Failure("write to", path, Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>
    /// Opens a file, made if missing, and locks it until <see cref="Unlock"/> or until the process ends. It is open for reading
    /// alone: a file that is open for writing keeps a file system from being remounted read-only.
    /// </summary>
    /// <returns>The handle, and whether the lock was free.</returns>
    public static (SafeFileHandle Handle, bool Locked) OpenLocked(string path) => Locked(Opened(path, OpenReadOnly | OpenCreate | OpenCloseOnExec), path);

    /// <summary>As <see cref="OpenLocked"/>, for a folder that is there: nobody can put another in its place while it is in use.</summary>
    /// <returns>The handle, and whether the lock was free.</returns>
    /// <exception cref="IOException">It cannot be opened or locked.</exception>
    public static (SafeFileHandle Handle, bool Locked) OpenLockedFolder(string path) => Locked(Opened(path, OpenReadOnly | OpenCloseOnExec), path);

    private static (SafeFileHandle Handle, bool Locked) Locked(SafeFileHandle handle, string path)
    {
        if (FLock(handle, LockExclusive | LockNonBlocking) == 0)
        {
            return (handle, true);
        }

        var error = Marshal.GetLastPInvokeError();
        if (error == WouldBlockError)
        {
            return (handle, false);
        }

        handle.Dispose();
        throw Failure("lock", path, error);
    }

    /// <summary>
    /// Opens a file for reading, whoever has it open: the framework would look what it is, and lock it, which ten thousand files at a start
    /// need not. A symbolic link is not followed, and nobody is waited for at the other end of a pipe.
    /// </summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="IOException">It is there, and cannot be opened.</exception>
    public static SafeFileHandle? OpenIfThere(string path)
    {
        try
        {
            return Opened(path, OpenReadOnly | OpenCloseOnExec | OpenNoLink | OpenNonBlocking);
        }
        catch (IOException e) when (e.HResult is NotThereError or NoFolderError)
        {
            return null;
        }
    }

    /// <summary>Opens a file for writing without a lock; the framework takes one, and would meet ours.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle OpenUnlocked(string path) => Opened(path, OpenReadWrite | OpenCloseOnExec);

    /// <summary>
    /// Frees the lock at once. To close the file is not enough: a child process that is just being started has it open as well,
    /// until it becomes its own program, and flock(2) holds until the last of them closes it.
    /// </summary>
    public static void Unlock(SafeFileHandle handle) => _ = FLock(handle, LockRelease);

    private static SafeFileHandle Opened(string path, int flags)
    {
        // rw-r--r--, for the one file that is made here.
        var handle = Open(path, flags, 0x1A4);
        if (handle.IsInvalid)
        {
            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw Failure("open", path, error);
        }

        return handle;
    }

    private static void Flush(SafeFileHandle handle, string path, Func<SafeFileHandle, int> call)
    {
        while (call(handle) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != InterruptedError)
            {
                throw Failure("flush", path, error);
            }
        }
    }

    private static IOException Failure(string what, string path, int error) =>
        new($"Cannot {what} {path}: {Marshal.GetPInvokeErrorMessage(error)}", error);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkDir(string path, int mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RmDir(string path);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFs(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle handle, int operation);
}
