using Mayu.Interop.Tests;
using Mayu.Interop.Tests.Network;

[assembly: AssemblyFixture(typeof(DhcpNetworkFixture))]

namespace Mayu.Interop.Tests;

/// <summary>
/// `mayu serve` with two interfaces of its own and a subnet behind Debian's dhcrelay: hosts for server, relay and clients. The
/// clients' eth0 is on the main network, eth1 on the second segment, eth2 behind the relay.
/// </summary>
public sealed class DhcpNetworkFixture : IAsyncLifetime
{
    /// <summary>A device with a fixed address in the second segment's pool, which nobody told Mayu of.</summary>
    public const string StrangersAddress = "10.81.0.50";

    private readonly TestNetwork _network = new();
    private string _clients = "";
    private RunningProgram? _dhcrelay;

    /// <summary>The server.</summary>
    internal MayuServer Mayu { get => field ?? throw new InvalidOperationException("there is no network"); private set; }

    /// <summary>udhcpc where the clients are.</summary>
    internal Udhcpc Udhcpc { get => field ?? throw new InvalidOperationException("there is no network"); private set; }

    /// <summary>A folder for the tests' files.</summary>
    public string Folder => Mayu.Folder;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        var server = await _network.AddHostAsync("s");
        var relay = await _network.AddHostAsync("r");
        _clients = await _network.AddHostAsync("c");
        await TestNetwork.AddBridgeAsync(server, "main0", "10.80.0.1/24");
        await TestNetwork.AddBridgeAsync(server, "br1", "10.81.0.1/24");
        await TestNetwork.PlugAsync(_clients, "eth0", server, "main0");
        await TestNetwork.PlugAsync(_clients, "eth1", server, "br1");
        await TestNetwork.PlugAsync(relay, "up0", server, "main0");
        await TestNetwork.PlugAsync(relay, "guest0", server, "br1");
        await TestNetwork.CableAsync(_clients, "eth2", relay, "down0");
        await TestNetwork.IpAsync(relay, "address", "add", "10.80.0.2/24", "dev", "up0");
        await TestNetwork.IpAsync(relay, "address", "add", "10.82.0.1/24", "dev", "down0");
        await TestNetwork.IpAsync(relay, "address", "add", $"{StrangersAddress}/24", "dev", "guest0");
        await TestNetwork.IpAsync(server, "route", "add", "10.82.0.0/24", "via", "10.80.0.2");
        await TestNetwork.RunAsync(relay, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        await TestNetwork.IpAsync(_clients, "address", "add", "10.80.0.200/24", "dev", "eth0");

        Mayu = new MayuServer(server, "10.80.0.1");
        Udhcpc = new Udhcpc(_clients, Folder, takesAddress: true);
        await Mayu.ConfigureAsync("""
            network:
              interface: main0
              address: 10.80.0.1
              subnet: 10.80.0.0/24
              bootstrap_range: { start: 10.80.0.50, end: 10.80.0.99 }
              internal_range: { start: 10.80.0.100, end: 10.80.0.150 }
              segments:
                - interface: br1
                  address: 10.81.0.1
                  subnet: 10.81.0.0/24
                  bootstrap_range: { start: 10.81.0.50, end: 10.81.0.55 }
              relayed:
                - subnet: 10.82.0.0/24
                  relays: [10.82.0.1]
                  router: 10.82.0.1
                  bootstrap_range: { start: 10.82.0.50, end: 10.82.0.99 }
                # perfdhcp always speaks as a relay, by its own address.
                - subnet: 10.83.0.0/16
                  relays: [10.80.0.200]
                  bootstrap_range: { start: 10.83.0.1, end: 10.83.7.255 }
            dhcp:
              mtu: 1400
              options: [{code: 150, type: addresses, value: "10.80.0.9"}]
              reservations: [{mac: "02:80:00:00:00:aa", address: 10.80.0.20, hostname: printer}]
              ignore: ["02:80:00:00:00:bb"]
            defaults: { image: none }
            """);
        await Mayu.StartAsync();
        _dhcrelay = await RunningProgram.StartAsync(
            relay, "Sending on", "dhcrelay", "-4", "-d", "-a", "-id", "down0", "-iu", "up0", "10.80.0.1");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_dhcrelay is not null)
        {
            await _dhcrelay.DisposeAsync();
        }

        if (Environment.IsPrivilegedProcess)
        {
            await Mayu.DisposeAsync();
        }

        await _network.DisposeAsync();
    }

    /// <summary>Runs a client that must succeed.</summary>
    public Task<string> ClientAsync(params string[] command) => TestNetwork.RunAsync(_clients, command);

    /// <summary>Runs a client that may fail.</summary>
    public Task<(int ExitCode, string Output)> TryClientAsync(params string[] command) => TestNetwork.TryAsync(_clients, command);
}
