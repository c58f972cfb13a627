using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Linux.Files;

/// <summary>
/// Opens a file below a folder and nowhere else: the kernel itself refuses a path, or a symbolic link on it, that leads
/// out (openat2 with RESOLVE_BENEATH, Linux 5.6), so there is no moment between check and use.
/// </summary>
public static partial class OpenBeneath
{
    private const long SysOpenAt2 = 437;
    private const int CurrentFolder = -100;
    private const ulong NonBlocking = 0x800;
    private const ulong CloseOnExec = 0x80000;
    private const ulong PathOnly = 0x200000;
    private const ulong NoMagicLinks = 0x02;
    private const ulong Beneath = 0x08;

    /// <summary>Opens for reading.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="path">A path relative to it.</param>
    /// <param name="problem">Why there is no file.</param>
    /// <returns>The file; invalid where it is not there, is closed, leads out, or is no regular file.</returns>
    public static SafeFileHandle Open(string folder, string path, out OpenProblem problem)
    {
        using var root = Call(CurrentFolder, folder, new OpenHow { Flags = PathOnly | CloseOnExec });
        problem = ProblemOf(root);
        if (root.IsInvalid)
        {
            return root;
        }

        // Non-blocking, or a FIFO would hold the caller until somebody writes.
        var how = new OpenHow { Flags = NonBlocking | CloseOnExec, Resolve = Beneath | NoMagicLinks };
        var file = Call((int)root.DangerousGetHandle(), path, how);
        problem = ProblemOf(file);
        if (file.IsInvalid || FileStamp.TryRead(file, out _))
        {
            return file;
        }

        file.Dispose();
        problem = OpenProblem.NotRegular;
        return new SafeFileHandle();
    }

    // Asked right behind the call, before another one has an error of its own.
    private static OpenProblem ProblemOf(SafeFileHandle opened) => !opened.IsInvalid ? OpenProblem.None
        : Marshal.GetLastPInvokeError() == Errno.AccessDenied ? OpenProblem.Closed
        : OpenProblem.Missing;

    private static SafeFileHandle Call(int folder, string path, OpenHow how)
    {
        var descriptor = OpenAt2(SysOpenAt2, folder, path, ref how, (nuint)Marshal.SizeOf<OpenHow>());
        return new SafeFileHandle((nint)descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long OpenAt2(long number, int folder, string path, ref OpenHow how, nuint size);

    // struct open_how
    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}

/// <summary>Why a file could not be opened.</summary>
public enum OpenProblem
{
    /// <summary>It could.</summary>
    None,

    /// <summary>There is none, or its path leads out of the folder.</summary>
    Missing,

    /// <summary>Permissions keep this process from it.</summary>
    Closed,

    /// <summary>It is a folder, a FIFO or a device.</summary>
    NotRegular,
}
