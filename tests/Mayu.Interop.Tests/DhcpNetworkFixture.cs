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
    private RelayedNetwork? _network;

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

        _network = await RelayedNetwork.BuildAsync();
        await TestNetwork.IpAsync(_network.Clients, "address", "add", "10.80.0.200/24", "dev", "eth0");
        Mayu = new MayuServer(_network.Server, "10.80.0.1");
        Udhcpc = new Udhcpc(_network.Clients, Folder, takesAddress: true);
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
                # perfdhcp always speaks IPv4 as a relay, by its own address.
                - subnet: 10.83.0.0/16
                  relays: [10.80.0.200]
                  bootstrap_range: { start: 10.83.0.1, end: 10.83.7.255 }
                - subnet: 10.84.0.0/16
                  relays: [10.80.0.201]
                  bootstrap_range: { start: 10.84.0.1, end: 10.84.7.255 }
            dhcp:
              mtu: 1400
              options: [{code: 150, type: addresses, value: "10.80.0.9"}]
              reservations: [{mac: "02:80:00:00:00:aa", address: 10.80.0.20, hostname: printer}]
              ignore: ["02:80:00:00:00:bb"]
            defaults: { image: none }
            """);
        await Mayu.StartAsync();
        await _network.StartRelayAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_network is not null)
        {
            await Mayu.DisposeAsync();
            await _network.DisposeAsync();
        }
    }

    /// <summary>Runs a client that must succeed.</summary>
    public Task<string> ClientAsync(params string[] command) => TestNetwork.RunAsync(_network!.Clients, command);

    /// <summary>Runs a client that may fail.</summary>
    public Task<(int ExitCode, string Output)> TryClientAsync(params string[] command) => TestNetwork.TryAsync(_network!.Clients, command);
}
