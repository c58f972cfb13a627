using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Mayu.Server.Dnsmasq;

/// <summary>The few system calls about users and processes that .NET does not offer.</summary>
internal static partial class LinuxCalls
{
    public const int SigHup = 1;
    public const int SigKill = 9;
    public const int SigTerm = 15;

    private const short PollIn = 1;
    private const long SysPidFdSendSignal = 424;
    private const long SysPidFdOpen = 434;

    /// <summary>Finds a user, wherever the system keeps its users; null when there is none of that name.</summary>
    public static LinuxUser? FindUser(string name)
    {
        var found = GetPwNam(name);
        if (found == 0)
        {
            return null;
        }

        var entry = Marshal.PtrToStructure<Passwd>(found);
        return new LinuxUser(name, entry.Id, entry.GroupId);
    }

    /// <summary>Makes a user the owner of a file or folder. Of a link itself: else who may lay one would become the owner of any file.</summary>
    /// <exception cref="IOException">The kernel refused.</exception>
    public static void GiveTo(string path, LinuxUser user)
    {
        if (ChOwn(path, user.Id, user.GroupId) != 0)
        {
            throw new IOException($"{path} cannot be given to the user {user.Name}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    /// <summary>Takes hold of a process, so that a later signal reaches it and no other that got its number. Null when there is none.</summary>
    public static SafeHandle? OpenProcess(int id)
    {
        var descriptor = PidFdOpen(SysPidFdOpen, id, 0);
        return descriptor < 0 ? null : new Microsoft.Win32.SafeHandles.SafeFileHandle((nint)descriptor, ownsHandle: true);
    }

    /// <summary>Signals a process.</summary>
    /// <returns>False when it has ended.</returns>
    public static bool Signal(SafeHandle process, int signal) => PidFdSendSignal(SysPidFdSendSignal, process, signal, 0, 0) == 0;

    /// <summary>Waits until a process has ended.</summary>
    /// <returns>False when it has not in time.</returns>
    public static bool WaitForEnd(SafeHandle process, TimeSpan patience)
    {
        var added = false;
        process.DangerousAddRef(ref added);
        var wait = new PollEntry { Descriptor = (int)process.DangerousGetHandle(), Wanted = PollIn };
        var ended = Poll(ref wait, 1, (int)patience.TotalMilliseconds) > 0;
        process.DangerousRelease();
        return ended;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollEntry entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetPwNam(string name);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChOwn(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long PidFdOpen(long number, int id, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long PidFdSendSignal(long number, SafeHandle process, int signal, nint info, uint flags);

    // struct pollfd
    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    // struct passwd, as far as it is read: the same in glibc and musl.
    [StructLayout(LayoutKind.Sequential)]
    private struct Passwd
    {
        public nint Name;
        public nint Password;
        public uint Id;
        public uint GroupId;
    }
}
