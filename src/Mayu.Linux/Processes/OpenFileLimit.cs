using System.Runtime.InteropServices;

namespace Mayu.Linux.Processes;

/// <summary>How many files this process may have open, connections included: RLIMIT_NOFILE, setrlimit(2).</summary>
public static partial class OpenFileLimit
{
    private const int Files = 7;

    /// <summary>Raises the limit to what the system allows this process: services and logins begin with 1024, and a native program is left at it.</summary>
    /// <returns>The limit then; null where the kernel does not tell.</returns>
    public static long? Raise()
    {
        if (GetLimit(Files, out var limit) != 0)
        {
            return null;
        }

        if (limit.Now < limit.Most && SetLimit(Files, limit with { Now = limit.Most }) == 0)
        {
            limit = limit with { Now = limit.Most };
        }

        return (long)Math.Min(limit.Now, long.MaxValue);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    // struct rlimit of a 64-bit system.
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(ulong Now, ulong Most);
}
