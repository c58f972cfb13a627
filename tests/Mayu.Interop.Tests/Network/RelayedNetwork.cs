namespace Mayu.Interop.Tests.Network;

/// <summary>
/// A server with two networks of its own, 10.80.0.1 on main0 and 10.81.0.1 on br1, and a subnet behind Debian's dhcrelay, 10.82.0.1. The
/// clients' eth0 is on the first, eth1 on the second, eth2 behind the relay.
/// </summary>
internal sealed class RelayedNetwork : IAsyncDisposable
{
    /// <summary>A device with a fixed address in the second network, which nobody told Mayu of.</summary>
    public const string StrangersAddress = "10.81.0.50";

    private readonly TestNetwork _network = new();
    private string _relay = "";
    private RunningProgram? _dhcrelay;

    /// <summary>The host of the server.</summary>
    public string Server { get; private set; } = "";

    /// <summary>The host of the clients.</summary>
    public string Clients { get; private set; } = "";

    /// <summary>A host on the first network that keeps its MAC and its address, 10.80.0.3.</summary>
    public async Task<string> AddNeighbourAsync()
    {
        var host = await _network.AddHostAsync("n");
        await TestNetwork.PlugAsync(host, "eth0", Server, "main0");
        await TestNetwork.IpAsync(host, "address", "add", "10.80.0.3/24", "dev", "eth0");
        return host;
    }

    /// <summary>Makes it all but the relay's program.</summary>
    public static async Task<RelayedNetwork> BuildAsync()
    {
        var built = new RelayedNetwork();
        var server = built.Server = await built._network.AddHostAsync("s");
        var relay = built._relay = await built._network.AddHostAsync("r");
        var clients = built.Clients = await built._network.AddHostAsync("c");
        await TestNetwork.AddBridgeAsync(server, "main0", "10.80.0.1/24");
        await TestNetwork.AddBridgeAsync(server, "br1", "10.81.0.1/24");
        await TestNetwork.PlugAsync(clients, "eth0", server, "main0");
        await TestNetwork.PlugAsync(clients, "eth1", server, "br1");
        await TestNetwork.PlugAsync(relay, "up0", server, "main0");
        await TestNetwork.PlugAsync(relay, "guest0", server, "br1");
        await TestNetwork.CableAsync(clients, "eth2", relay, "down0");
        await TestNetwork.IpAsync(relay, "address", "add", "10.80.0.2/24", "dev", "up0");
        await TestNetwork.IpAsync(relay, "address", "add", "10.82.0.1/24", "dev", "down0");
        await TestNetwork.IpAsync(relay, "address", "add", $"{StrangersAddress}/24", "dev", "guest0");
        await TestNetwork.IpAsync(server, "route", "add", "10.82.0.0/24", "via", "10.80.0.2");
        await TestNetwork.RunAsync(relay, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        return built;
    }

    /// <summary>Starts dhcrelay.</summary>
    public async Task StartRelayAsync() => _dhcrelay = await RunningProgram.StartAsync(
        _relay, "Sending on", "dhcrelay", "-4", "-d", "-a", "-id", "down0", "-iu", "up0", "10.80.0.1");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_dhcrelay is not null)
        {
            await _dhcrelay.DisposeAsync();
        }

        await _network.DisposeAsync();
    }
}
