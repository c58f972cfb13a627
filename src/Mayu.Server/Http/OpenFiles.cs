using System.Runtime.InteropServices;

namespace Mayu.Server.Http;

/// <summary>How many files this process may have open, connections included (RLIMIT_NOFILE, setrlimit(2)): without one left nothing of it goes on.</summary>
internal static partial class OpenFiles
{
    // A socket for each connection of both listeners and the file that it is sent, TFTP, the store; and as much again.
    private const int Wanted = 20_000;

    private const int FilesResource = 7;

    // Raised to what the system allows: services and logins begin with 1024, and a native program is left at it.
    private static readonly long Allowed = Raise();

    /// <summary>So many of something for which there are files, fewer where there are too few for all of it.</summary>
    /// <param name="most">How many where the limit is no hindrance.</param>
    public static int Share(int most) => (int)Math.Max(1, Math.Min(most, most * (double)Allowed / Wanted));

    /// <summary>What is wrong with the limit; null: nothing.</summary>
    public static string? Trouble => Allowed < Wanted
        ? $"Only {Allowed} files can be open at once, and {Wanted} are wanted: both listeners have fewer connections. Raise the limit (LimitNOFILE= of the service, --ulimit nofile= of a container)"
        : null;

    private static long Raise()
    {
        if (GetLimit(FilesResource, out var limit) != 0)
        {
            return Wanted;
        }

        if (limit.Now < limit.Most && SetLimit(FilesResource, limit with { Now = limit.Most }) == 0)
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
