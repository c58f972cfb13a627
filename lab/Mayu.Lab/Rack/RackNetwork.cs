using System.Net;

namespace Mayu.Lab.Rack;

/// <summary>A network of a rack's own: a namespace, a bridge in it that has the server's address, and taps on the bridge.</summary>
internal static class RackNetwork
{
    /// <summary>Makes the namespace and its bridge.</summary>
    public static async Task MakeAsync(string name, string bridge, IPAddress address, int prefixLength, CancellationToken cancellation)
    {
        await IpAsync(["netns", "add", name], cancellation);
        string[][] commands =
        [
            ["link", "set", "lo", "up"],

            // No snooping and no spanning tree: a port forwards from its first moment, multicast too.
            ["link", "add", RackNames.CheckInterface(bridge), "type", "bridge", "stp_state", "0", "forward_delay", "0", "mcast_snooping", "0"],
            ["addr", "add", $"{address}/{prefixLength}", "dev", bridge],
            ["link", "set", bridge, "up"],
        ];
        foreach (var command in commands)
        {
            await IpAsync(["-n", name, .. command], cancellation);
        }
    }

    /// <summary>Makes one tap and plugs it into the bridge.</summary>
    public static async Task AddTapAsync(string name, string bridge, string tap, CancellationToken cancellation)
    {
        await IpAsync(["-n", name, "tuntap", "add", RackNames.CheckInterface(tap), "mode", "tap"], cancellation);
        await IpAsync(["-n", name, "link", "set", tap, "master", bridge, "up"], cancellation);
    }

    /// <summary>Kills whatever still runs in the namespace, and removes it; bridge and taps go with it.</summary>
    public static async Task RemoveAsync(string name, CancellationToken cancellation)
    {
        if (!File.Exists("/run/netns/" + name))
        {
            return;
        }

        var inside = await IpAsync(["netns", "pids", name], cancellation);
        foreach (var process in inside.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            // One that ended meanwhile is what we want.
            await Tool.RunAsync("kill", ["-KILL", process], cancellation: cancellation);
        }

        await IpAsync(["netns", "del", name], cancellation);
    }

    private static async Task<ToolResult> IpAsync(string[] arguments, CancellationToken cancellation) =>
        (await Tool.RunAsync("ip", arguments, cancellation: cancellation)).OrThrow();
}
