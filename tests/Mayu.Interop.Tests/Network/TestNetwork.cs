using System.Globalization;

namespace Mayu.Interop.Tests.Network;

/// <summary>
/// Hosts, each a network namespace, and the bridges and cables between them. Nothing of it touches this machine's own network. Disposing
/// takes everything away.
/// </summary>
internal sealed class TestNetwork : IAsyncDisposable
{
    private static int _count;

    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"mayu-it-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
    private readonly List<string> _hosts = [];

    /// <summary>Skips the test, with the reason, where it cannot run.</summary>
    public static void NeedRoot() => Assert.SkipUnless(
        Environment.IsPrivilegedProcess, "needs root, to make network namespaces: run ./test, which asks for it by sudo");

    /// <summary>Runs `ip` on a host; it must succeed.</summary>
    public static Task<string> IpAsync(string host, params string[] arguments) => ProgramRun.OrFailAsync("ip", ["-n", host, .. arguments]);

    /// <summary>Runs a program on a host; it must succeed.</summary>
    public static Task<string> RunAsync(string host, params string[] command) => ProgramRun.OrFailAsync("ip", ["netns", "exec", host, .. command]);

    /// <summary>Runs a program on a host; it may fail.</summary>
    public static Task<(int ExitCode, string Output)> TryAsync(string host, params string[] command) =>
        ProgramRun.ToEndAsync("ip", ["netns", "exec", host, .. command]);

    /// <summary>Makes a host, with nothing but its loopback, and gives the name of its namespace.</summary>
    public async Task<string> AddHostAsync(string role)
    {
        var host = $"{_prefix}-{role}";
        await ProgramRun.OrFailAsync("ip", "netns", "add", host);
        _hosts.Add(host);
        await IpAsync(host, "link", "set", "lo", "up");
        return host;
    }

    /// <summary>Makes a bridge, which has an address with its prefix, on a host.</summary>
    public static async Task AddBridgeAsync(string host, string bridge, string address)
    {
        await IpAsync(host, "link", "add", bridge, "type", "bridge");
        await IpAsync(host, "address", "add", address, "dev", bridge);
        await IpAsync(host, "link", "set", bridge, "up");
    }

    /// <summary>Plugs a host's interface into a bridge of another host; the bridge's port has the name of both.</summary>
    public static async Task PlugAsync(string host, string nic, string bridgeHost, string bridge)
    {
        var port = $"{host[(host.LastIndexOf('-') + 1)..]}-{nic}";
        await CableAsync(host, nic, bridgeHost, port);
        await IpAsync(bridgeHost, "link", "set", port, "master", bridge);
    }

    /// <summary>Joins two interfaces, which this makes.</summary>
    public static async Task CableAsync(string host, string nic, string otherHost, string otherNic)
    {
        await ProgramRun.OrFailAsync("ip", "link", "add", otherNic, "netns", otherHost, "type", "veth", "peer", "name", nic, "netns", host);
        await IpAsync(otherHost, "link", "set", otherNic, "up");
        await IpAsync(host, "link", "set", nic, "up");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await ProgramRun.ToEndAsync("ip", "netns", "del", host);
        }
    }
}
