using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Dnsmasq;

/// <summary>`mayu serve` with the engine dnsmasq on one host, and real clients on another; one bridge between them.</summary>
public sealed class DnsmasqFixture : IAsyncLifetime
{
    private const string Answers = "dnsmasq answers";

    private readonly TestNetwork _network = new();
    private string _server = "";
    private string _clients = "";

    /// <summary>The server.</summary>
    internal MayuServer Mayu { get => field ?? throw new InvalidOperationException("there is no network"); private set; }

    /// <summary>udhcpc where the clients are.</summary>
    internal Udhcpc Udhcpc { get => field ?? throw new InvalidOperationException("there is no network"); private set; }

    /// <summary>A folder for the tests' files.</summary>
    public string Folder => Mayu.Folder;

    /// <summary>The folder that TFTP serves.</summary>
    public string TftpRoot => Path.Combine(Folder, "tftp root");

    /// <summary>The folder of the engine.</summary>
    public string EngineFolder => Path.Combine(Mayu.Data, "dnsmasq");

    /// <summary>The process id of dnsmasq, as mayu wrote it down.</summary>
    public string DnsmasqId => File.ReadAllText(Path.Combine(EngineFolder, "pid")).Trim();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        _server = await _network.AddHostAsync("s");
        _clients = await _network.AddHostAsync("c");
        await TestNetwork.AddBridgeAsync(_server, "br0", "10.77.0.1/24");
        await TestNetwork.PlugAsync(_clients, "eth0", _server, "br0");
        await TestNetwork.IpAsync(_clients, "address", "add", "10.77.0.200/24", "dev", "eth0");
        Mayu = new MayuServer(_server, "10.77.0.1");
        Udhcpc = new Udhcpc(_clients, Folder, takesAddress: false);
        Directory.CreateDirectory(TftpRoot);
        // dnsmasq runs as a user of its own.
        await ProgramRun.OrFailAsync("chmod", "755", Folder);
        await Mayu.AddRunningMachineAsync("10.77.0.100");
        await Mayu.ConfigureAsync($$"""
            engine: dnsmasq
            network:
              interface: br0
              address: 10.77.0.1
              subnet: 10.77.0.0/24
              bootstrap_range: { start: 10.77.0.50, end: 10.77.0.90 }
              internal_range: { start: 10.77.0.100, end: 10.77.0.150 }
              router: 10.77.0.254
              dns: [10.77.0.2]
              domain: rack.test
              lease_time: 10m
            tftp_root: '{{TftpRoot}}'
            defaults: { image: none, localboot: silent }
            """);
        await StartAsync();
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

    /// <summary>Starts mayu, and returns when dnsmasq answers.</summary>
    public Task StartAsync(params string[] settings) => Mayu.StartUntilAsync(Answers, ["--debug", .. settings]);

    /// <summary>Deletes the interface of the server, and makes it anew.</summary>
    public async Task MakeInterfaceAnewAsync()
    {
        await TestNetwork.IpAsync(_server, "link", "del", "br0");
        await Mayu.PrintsAsync("The interface br0 is gone");
        await TestNetwork.AddBridgeAsync(_server, "br0", "10.77.0.1/24");
        await TestNetwork.IpAsync(_server, "link", "set", "c-eth0", "master", "br0");
    }

    /// <summary>How many times a dnsmasq was started that answers.</summary>
    public int Starts => Mayu.CountInLog(Answers);

    /// <summary>Starts a plain dnsmasq, on another host of the same network, that gives addresses and says nothing of booting.</summary>
    internal async Task<RunningProgram> StartOtherServerAsync()
    {
        var other = await _network.AddHostAsync("o");
        await TestNetwork.PlugAsync(other, "eth0", _server, "br0");
        await TestNetwork.IpAsync(other, "address", "add", "10.77.0.2/24", "dev", "eth0");
        return await OtherServer.StartAsync("dnsmasq", other, OtherServer.Plain("dnsmasq"), Folder);
    }

    /// <summary>Runs a client that must succeed.</summary>
    public Task<string> ClientAsync(params string[] command) => TestNetwork.RunAsync(_clients, command);

    /// <summary>Runs a client that may fail.</summary>
    public Task<(int ExitCode, string Output)> TryClientAsync(params string[] command) => TestNetwork.TryAsync(_clients, command);

    /// <summary>Runs udhcpc for a lease: what it got, on one line; or null when it got none.</summary>
    public Task<string?> LeaseAsync(string mac, params string[] more) => Udhcpc.TryLeaseAsync("eth0", mac, ["-t", "3", "-T", "1", .. more]);

    /// <summary>Runs a second mayu beside the first, which must fail to start.</summary>
    public Task<(int ExitCode, string Output)> SecondServerAsync(params string[] settings) =>
        Mayu.SecondAsync(["--set", "boot.port=5081", "--set", "api.port=5080", .. settings]);

    /// <summary>Sets a machine's state as an operator does.</summary>
    public async Task SetStateAsync(string serial, string state)
    {
        var answer = await Mayu.ApiAsync($"/api/v1/machines/{serial}/state", "--request", "PUT", "--header", "Content-Type: application/json", "--data", $$"""{"state": "{{state}}"}""");
        Assert.Contains($"\"state\":\"{state}\"", answer, StringComparison.Ordinal);
    }

    /// <summary>Waits for something that comes by itself.</summary>
    public async Task WaitAsync(Func<bool> isThere, string otherwise)
    {
        for (var i = 0; !isThere(); i++)
        {
            Assert.True(i < 800, $"{otherwise}: {Mayu.Log}");
            await Task.Delay(50);
        }
    }
}
