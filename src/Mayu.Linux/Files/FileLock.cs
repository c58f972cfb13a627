using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Linux.Files;

/// <summary>Locks by flock(2), beside which everybody may still read; the framework's locks would meet them, so what is locked is opened here too.</summary>
public static partial class FileLock
{
    private const int Exclusive = 2;
    private const int NoWaiting = 4;
    private const int Release = 8;

    /// <summary>
    /// Opens a file, made if missing, and locks it until <see cref="Unlock"/> or until the process ends. It is open for reading
    /// alone: a file that is open for writing keeps a file system from being remounted read-only.
    /// </summary>
    /// <returns>The handle, and whether the lock was free.</returns>
    /// <exception cref="IOException">It cannot be opened or locked.</exception>
    public static (SafeFileHandle Handle, bool Locked) OpenFile(string path) => Lock(OpenCall.Open(path, OpenCall.ReadOnly | OpenCall.Create), path);

    /// <summary>As <see cref="OpenFile"/>, for a folder that is there: nobody can put another in its place while it is in use.</summary>
    /// <returns>The handle, and whether the lock was free.</returns>
    /// <exception cref="IOException">It cannot be opened or locked.</exception>
    public static (SafeFileHandle Handle, bool Locked) OpenFolder(string path) => Lock(OpenCall.Open(path, OpenCall.ReadOnly), path);

    /// <summary>
    /// Opens a file for reading, whoever has it open: the framework would look what it is, and lock it, which ten thousand files at a start
    /// need not. A symbolic link is not followed, and nobody is waited for at the other end of a pipe.
    /// </summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="IOException">It is there, and cannot be opened.</exception>
    public static SafeFileHandle? OpenUnlockedIfThere(string path)
    {
        try
        {
            return OpenCall.Open(path, OpenCall.ReadOnly | OpenCall.NoFollow | OpenCall.NonBlocking);
        }
        catch (IOException e) when (e.HResult is Errno.NoEntry or Errno.NotADirectory)
        {
            return null;
        }
    }

    /// <summary>Opens a file for writing without a lock.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle OpenUnlocked(string path) => OpenCall.Open(path, OpenCall.ReadWrite);

    /// <summary>
    /// Frees the lock at once. To close the file is not enough: a child process that is just being started has it open as well,
    /// until it becomes its own program, and flock(2) holds until the last of them closes it.
    /// </summary>
    public static void Unlock(SafeFileHandle handle) => _ = FLock(handle, Release);

    private static (SafeFileHandle Handle, bool Locked) Lock(SafeFileHandle handle, string path)
    {
        if (FLock(handle, Exclusive | NoWaiting) == 0)
        {
            return (handle, true);
        }

        var error = Marshal.GetLastPInvokeError();
        if (error == Errno.TryAgain)
        {
            return (handle, false);
        }

        handle.Dispose();
        throw OpenCall.Failure("lock", path, error);
    }

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle handle, int operation);
}
