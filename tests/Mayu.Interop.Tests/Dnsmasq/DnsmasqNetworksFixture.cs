using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Dnsmasq;

/// <summary>`mayu serve` with the engine dnsmasq, several networks, other loaders than iPXE, and quirks.</summary>
public sealed class DnsmasqNetworksFixture : IAsyncLifetime
{
    private RelayedNetwork? _network;
    private string _perfdhcp = "";

    /// <summary>The server.</summary>
    internal MayuServer Mayu { get => field ?? throw new InvalidOperationException("there is no network"); private set; }

    /// <summary>udhcpc where the clients are.</summary>
    internal Udhcpc Udhcpc { get => field ?? throw new InvalidOperationException("there is no network"); private set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        _network = await RelayedNetwork.BuildAsync();
        // perfdhcp speaks as a relay, by an address of another network: one that is listed, and one that is not.
        _perfdhcp = await _network.AddNeighbourAsync();
        await TestNetwork.IpAsync(_perfdhcp, "address", "add", "10.90.0.7/24", "dev", "eth0");
        await TestNetwork.IpAsync(_perfdhcp, "address", "add", "10.90.0.8/24", "dev", "eth0");
        await TestNetwork.IpAsync(_network.Server, "route", "add", "10.90.0.0/24", "dev", "main0");
        Mayu = new MayuServer(_network.Server, "10.80.0.1");
        Udhcpc = new Udhcpc(_network.Clients, Mayu.Folder, takesAddress: false);
        // dnsmasq runs as a user of its own.
        await ProgramRun.OrFailAsync("chmod", "755", Mayu.Folder);
        await Mayu.ConfigureAsync("""
            engine: dnsmasq
            network:
              interface: main0
              address: 10.80.0.1
              subnet: 10.80.0.0/24
              bootstrap_range: { start: 10.80.0.50, end: 10.80.0.99 }
              internal_range: { start: 10.80.0.100, end: 10.80.0.150 }
              router: 10.80.0.254
              segments:
                - interface: br1
                  address: 10.81.0.1
                  subnet: 10.81.0.0/24
                  bootstrap_range: { start: 10.81.0.51, end: 10.81.0.60 }
                  options: [{code: 150, type: addresses, value: "10.81.0.9"}]
              relayed:
                - subnet: 10.82.0.0/24
                  relays: [10.82.0.1]
                  router: 10.82.0.1
                  bootstrap_range: { start: 10.82.0.50, end: 10.82.0.99 }
                - subnet: 10.83.0.0/24
                  relays: [10.90.0.7]
                  bootstrap_range: { start: 10.83.0.50, end: 10.83.0.99 }
            dhcp:
              mtu: 1400
              own_addresses: true
              options: [{code: 150, type: addresses, value: "10.80.0.9"}]
            pxe:
              architectures:
                - {architecture: uefi-arm64, loader: grub}
                - {architecture: bios, loader: pxelinux, file: lpxelinux.0}
              quirks:
                - {oui: "02:47:01", omit_options: [43]}
                - {oui: "02:47:02", omit_options: [60]}
                - {oui: "02:47:03", architecture: bios, treat_as: uefi-x64}
                - {oui: "02:47:04", file: ipxe.efi, omit_options: [175]}
                - {oui: "02:47:04", file: never.efi}
                - {oui: "02:47:05", boot_menu: "ACA MENU", delay: 1s}
                - {vendor_class: "PXEClient:Arch:00007:UNDI:003999", max_block_size: 512}
            defaults: { image: none, localboot: silent }
            """);
        await Mayu.AddRunningMachineAsync("10.80.0.100");
        await Mayu.StartUntilAsync("dnsmasq answers", "--debug");
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

    /// <summary>Runs perfdhcp, which may fail, on a host of its own.</summary>
    public async Task<string> PerfdhcpAsync(params string[] arguments) => (await TestNetwork.TryAsync(_perfdhcp, ["perfdhcp", "-4", .. arguments])).Output;
}
