using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Mayu.Lab.Rack;

/// <summary>The few system calls that .NET does not offer.</summary>
internal static partial class LinuxCalls
{
    public const int SigTerm = 15;
    public const int SigKill = 9;

    private const int CloneNewNet = 0x40000000;
    private const int NoSuchProcess = 3;

    /// <summary>Moves the calling thread (only it) into a network namespace.</summary>
    public static void JoinNetworkNamespace(SafeHandle handle)
    {
        if (SetNs(handle, CloneNewNet) != 0)
        {
            throw new LabException("cannot join the network namespace", new Win32Exception(Marshal.GetLastPInvokeError()));
        }
    }

    /// <summary>
    /// Signals a process and the group it leads. A child is alone, and leads no group yet, in the moment before its setsid.
    /// </summary>
    public static void Signal(int process, int signal)
    {
        if (!Send(-process, signal))
        {
            Send(process, signal);
        }
    }

    /// <returns>False where there is nobody (any more) to have it.</returns>
    private static bool Send(int target, int signal)
    {
        if (Kill(target, signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new LabException($"cannot signal process {Math.Abs(target)}", new Win32Exception(error));
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(SafeHandle handle, int kind);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();
}
