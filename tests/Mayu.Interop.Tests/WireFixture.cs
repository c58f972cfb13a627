using Mayu.Interop.Tests;
using Mayu.Interop.Tests.Network;

[assembly: AssemblyFixture(typeof(WireFixture))]

namespace Mayu.Interop.Tests;

/// <summary>`mayu serve` on one host, and real clients on another: a bridge br0 that it is told to serve, and a second one, br1, that it is not.</summary>
public sealed class WireFixture : IAsyncLifetime
{
    /// <summary>The internal address of the machine that runs.</summary>
    public const string RunningAddress = "10.77.0.100";

    private readonly TestNetwork _network = new();
    private string _clients = "";

    /// <summary>The server.</summary>
    internal MayuServer Mayu { get => field ?? throw new InvalidOperationException("there is no network"); private set; }

    /// <summary>udhcpc where the clients are.</summary>
    internal Udhcpc Udhcpc { get => field ?? throw new InvalidOperationException("there is no network"); private set; }

    /// <summary>The host of the server.</summary>
    internal string Server { get; private set; } = "";

    /// <summary>A folder for the tests' files.</summary>
    public string Folder => Mayu.Folder;

    /// <summary>The folder that TFTP serves.</summary>
    public string TftpRoot => Path.Combine(Folder, "tftp");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        Server = await _network.AddHostAsync("s");
        _clients = await _network.AddHostAsync("c");
        await TestNetwork.AddBridgeAsync(Server, "br0", "10.77.0.1/24");
        await TestNetwork.AddBridgeAsync(Server, "br1", "10.78.0.1/24");
        await TestNetwork.PlugAsync(_clients, "eth0", Server, "br0");
        await TestNetwork.PlugAsync(_clients, "eth1", Server, "br1");
        Mayu = new MayuServer(Server, "10.77.0.1");
        Udhcpc = new Udhcpc(_clients, Folder, takesAddress: true);
        Directory.CreateDirectory(TftpRoot);
        var discovery = Directory.CreateDirectory(Path.Combine(Mayu.Data, "images", "discovery")).FullName;
        await File.WriteAllTextAsync(Path.Combine(discovery, "vmlinuz"), "kernel");
        await File.WriteAllTextAsync(Path.Combine(discovery, "initrd.cpio.gz"), "initrd");
        await Mayu.AddRunningMachineAsync(RunningAddress);
        await Mayu.ConfigureAsync($$"""
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.60 }
              internal_range: { start: 10.77.0.100, end: 10.77.0.150 }
              router: 10.77.0.254
              dns: [10.77.0.2]
              domain: rack.test
              lease_time: 10m
            tftp_root: {{TftpRoot}}
            defaults: { image: none, localboot: silent }
            pxe:
              quirks:
                - { oui: 02:47:52, file: grubx64.efi }
                - { oui: 02:53:48, file: shimx64.efi }
                - { oui: 02:50:58, file: pxelinux.0 }
            """);
        await Mayu.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
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
