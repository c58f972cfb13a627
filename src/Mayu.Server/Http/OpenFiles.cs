using Mayu.Linux.Processes;

namespace Mayu.Server.Http;

/// <summary>How many files this process may have open, connections included: without one left nothing of it goes on.</summary>
internal static class OpenFiles
{
    // A socket for each connection of both listeners and the file that it is sent, TFTP, the store; and as much again.
    private const int Wanted = 20_000;

    private static readonly long Allowed = OpenFileLimit.Raise() ?? Wanted;

    /// <summary>So many of something for which there are files, fewer where there are too few for all of it.</summary>
    /// <param name="most">How many where the limit is no hindrance.</param>
    public static int Share(int most) => (int)Math.Max(1, Math.Min(most, most * (double)Allowed / Wanted));

    /// <summary>What is wrong with the limit; null: nothing.</summary>
    public static string? Trouble => Allowed < Wanted
        ? $"Only {Allowed} files can be open at once, but {Wanted} are needed: both listeners accept fewer connections. Raise the limit (LimitNOFILE= of the service, --ulimit nofile= of a container)"
        : null;
}
