namespace Mayu.Interop.Tests.Network;

/// <summary>
/// `mayu serve` at 10.77.0.1 on br0, and a relay that reaches it by 10.88.0.2, which is in no client's subnet. Behind the relay are 10.78.0.0/24,
/// where the clients' eth1 is, and 10.79.0.0/24, where their eth2 is. No client has a route to the server.
/// </summary>
internal sealed class RelayOptionsNetwork : IAsyncDisposable
{
    private readonly TestNetwork _network;
    private RunningProgram? _relay;

    private RelayOptionsNetwork(TestNetwork network, string server, string relay, string clients)
    {
        (_network, Relay, Clients) = (network, relay, clients);
        Mayu = new MayuServer(server, "10.77.0.1");
        Udhcpc = new Udhcpc(clients, Mayu.Folder, takesAddress: true);
    }

    public MayuServer Mayu { get; }

    public Udhcpc Udhcpc { get; }

    public string Relay { get; }

    public string Clients { get; }

    /// <summary>Makes it, and starts the server.</summary>
    /// <param name="engine">Who answers.</param>
    public static async Task<RelayOptionsNetwork> StartAsync(string engine)
    {
        var network = new TestNetwork();
        var (server, relay, clients) = (await network.AddHostAsync("s"), await network.AddHostAsync("r"), await network.AddHostAsync("c"));
        await TestNetwork.AddBridgeAsync(server, "br0", "10.77.0.1/24");
        await TestNetwork.PlugAsync(relay, "up0", server, "br0");
        await TestNetwork.CableAsync(clients, "eth1", relay, "down0");
        await TestNetwork.CableAsync(clients, "eth2", relay, "down1");
        foreach (var (nic, address) in new[] { ("up0", "10.88.0.2/24"), ("down0", "10.78.0.1/24"), ("down1", "10.79.0.1/24") })
        {
            await TestNetwork.IpAsync(relay, "address", "add", address, "dev", nic);
        }

        await TestNetwork.IpAsync(relay, "route", "add", "10.77.0.0/24", "dev", "up0");
        await TestNetwork.IpAsync(server, "route", "add", "10.88.0.0/24", "dev", "br0");
        await TestNetwork.IpAsync(server, "route", "add", "10.78.0.0/23", "via", "10.88.0.2");
        var built = new RelayOptionsNetwork(network, server, relay, clients);
        // dnsmasq runs as a user of its own.
        await ProgramRun.OrFailAsync("chmod", "755", built.Mayu.Folder);
        await built.Mayu.ConfigureAsync($$"""
            engine: {{engine}}
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.99 }
              internal_range: { start: 10.77.0.100, end: 10.77.0.150 }
              relayed:
                - {subnet: 10.78.0.0/24, relays: [10.88.0.2, 10.78.0.1], bootstrap_range: { start: 10.78.0.50, end: 10.78.0.99 } }
                - {subnet: 10.79.0.0/24, relays: [10.88.0.2], bootstrap_range: { start: 10.79.0.50, end: 10.79.0.99 } }
            defaults: { image: none }
            """);
        await built.Mayu.StartUntilAsync(engine == "dnsmasq" ? "dnsmasq answers" : ": ready", "--debug");
        return built;
    }

    /// <summary>Starts dhcrelay.</summary>
    public async Task StartRelayAsync(params string[] arguments) =>
        _relay = await RunningProgram.StartAsync(Relay, "Sending on", ["dhcrelay", "-4", "-d", .. arguments, "10.77.0.1"]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_relay is not null)
        {
            await _relay.DisposeAsync();
        }

        await Mayu.DisposeAsync();
        await _network.DisposeAsync();
    }
}
