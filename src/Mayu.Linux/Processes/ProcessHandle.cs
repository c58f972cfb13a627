using System.Runtime.InteropServices;
using Mayu.Linux.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Mayu.Linux.Processes;

/// <summary>A hold on a process (pidfd_open(2), Linux 5.3), so that a signal reaches it and no other that got its number.</summary>
public sealed partial class ProcessHandle : IDisposable
{
    /// <summary>SIGHUP.</summary>
    public const int Hangup = 1;

    /// <summary>SIGKILL.</summary>
    public const int Kill = 9;

    /// <summary>SIGTERM.</summary>
    public const int Terminate = 15;

    private const long SysPidFdSendSignal = 424;
    private const long SysPidFdOpen = 434;

    private readonly SafeFileHandle _descriptor;

    private ProcessHandle(SafeFileHandle descriptor) => _descriptor = descriptor;

    /// <summary>Takes hold of a process. Null when there is none.</summary>
    public static ProcessHandle? Open(int id)
    {
        var descriptor = PidFdOpen(SysPidFdOpen, id, 0);
        return descriptor < 0 ? null : new ProcessHandle(new SafeFileHandle((nint)descriptor, ownsHandle: true));
    }

    /// <summary>Signals the process.</summary>
    /// <returns>False when it has ended.</returns>
    public bool Signal(int signal) => PidFdSendSignal(SysPidFdSendSignal, _descriptor, signal, 0, 0) == 0;

    /// <summary>Waits until the process has ended.</summary>
    /// <returns>False when it has not in time.</returns>
    public unsafe bool WaitForEnd(TimeSpan patience)
    {
        var added = false;
        _descriptor.DangerousAddRef(ref added);
        var wait = new PollEntry { Descriptor = (int)_descriptor.DangerousGetHandle(), Wanted = PollEntry.Readable };
        var ended = SocketCalls.Poll(&wait, 1, (int)patience.TotalMilliseconds) > 0;
        _descriptor.DangerousRelease();
        return ended;
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long PidFdOpen(long number, int id, uint flags);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long PidFdSendSignal(long number, SafeHandle process, int signal, nint info, uint flags);
}
