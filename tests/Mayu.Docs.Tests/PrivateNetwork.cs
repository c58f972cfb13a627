using System.Diagnostics;

namespace Mayu.Docs.Tests;

/// <summary>A network namespace with nothing but loopback, in which ports 67 and 69 are free and nobody is disturbed. Needs no root.</summary>
internal static class PrivateNetwork
{
    private const string LoopbackUp = "ip link set lo up && ip address add 10.0.0.1/24 dev lo";

    /// <summary>How to enter one: unprivileged, or as root where user namespaces are forbidden.</summary>
    private static readonly (string Unshare, string[] Nsenter)[] Ways =
    [
        ("-rn", ["--user", "--net", "--preserve-credentials"]),
        ("-n", ["--net"]),
    ];

    /// <summary>The way that works here.</summary>
    /// <returns>Null where none does.</returns>
    public static async Task<string[]?> FindWayAsync()
    {
        foreach (var (unshare, nsenter) in Ways)
        {
            if ((await Programs.RunAsync("unshare", [unshare, "bash", "-c", LoopbackUp])).ExitCode == 0)
            {
                return [unshare, .. nsenter];
            }
        }

        return null;
    }

    /// <summary>How to start a command in a new network.</summary>
    public static ProcessStartInfo Start(string[] way, string command) => new("unshare", [way[0], "bash", "-c", $"{LoopbackUp} && exec {command}"])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <summary>How to run a command line in the network of a process.</summary>
    public static string[] Enter(string[] way, int process, string command) =>
        [.. way[1..], "--target", process.ToString(), "bash", "-c", command];
}
