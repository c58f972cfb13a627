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

    /// <summary>Signals a whole process group. False where the group is gone already.</summary>
    public static bool SignalGroup(int group, int signal)
    {
        if (Kill(-group, signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess
            ? false
            : throw new LabException($"cannot signal process group {group}", new Win32Exception(error));
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNs(SafeHandle handle, int kind);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();
}
