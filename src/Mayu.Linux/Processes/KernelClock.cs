using System.Runtime.InteropServices;

namespace Mayu.Linux.Processes;

/// <summary>What the kernel knows of its own clock: adjtimex(2).</summary>
public static unsafe partial class KernelClock
{
    private const int NotSynchronized = 5;

    // struct timex has 208 bytes on 64-bit systems; its first member, 0, asks and changes nothing.
    private const int Room = 512;

    /// <summary>Whether a time service keeps the clock right, an NTP client for example; null where the kernel does not tell.</summary>
    public static bool? IsSynchronized
    {
        get
        {
            Span<byte> timex = stackalloc byte[Room];
            timex.Clear();
            fixed (byte* bytes = timex)
            {
                return Adjust(bytes) switch
                {
                    < 0 => null,
                    NotSynchronized => false,
                    _ => true,
                };
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    private static partial int Adjust(byte* timex);
}
