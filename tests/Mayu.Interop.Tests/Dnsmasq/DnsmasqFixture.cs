using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Mayu.Interop.Tests.Dnsmasq;

/// <summary>`mayu serve` with the engine dnsmasq in a network namespace, and real clients in another; one bridge between them.</summary>
public sealed class DnsmasqFixture : IAsyncLifetime
{
    /// <summary>The MAC of a machine that is known and runs.</summary>
    public const string RunningMac = "02:00:00:00:00:99";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly string _server = Invariant($"mayu-it-{Environment.ProcessId}-ds");
    private readonly string _clients = Invariant($"mayu-it-{Environment.ProcessId}-dc");
    private readonly string _other = Invariant($"mayu-it-{Environment.ProcessId}-do");
    private readonly StringBuilder _log = new();
    private Process? _mayu;

    /// <summary>A folder for the tests' files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mayu-interop-").FullName;

    /// <summary>The folder that TFTP serves.</summary>
    public string TftpRoot => Path.Combine(Folder, "tftp root");

    /// <summary>The folder of the engine.</summary>
    public string EngineFolder => Path.Combine(Folder, "data", "dnsmasq");

    /// <summary>The process id of dnsmasq, as mayu wrote it down.</summary>
    public string DnsmasqId => File.ReadAllText(Path.Combine(EngineFolder, "pid")).Trim();

    /// <summary>What the server said so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        Directory.CreateDirectory(TftpRoot);
        // dnsmasq runs as a user of its own.
        await ProgramRun.OrFailAsync("chmod", "755", Folder);
        WriteFiles();
        await BuildNetworkAsync();
        await StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync("TERM");
        if (Environment.IsPrivilegedProcess)
        {
            await ProgramRun.ToEndAsync("ip", "netns", "del", _server);
            await ProgramRun.ToEndAsync("ip", "netns", "del", _clients);
            await ProgramRun.ToEndAsync("ip", "netns", "del", _other);
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Starts mayu, and returns when dnsmasq answers.</summary>
    public async Task StartAsync(params string[] settings)
    {
        var before = CountInLog("dnsmasq answers");
        _mayu = ProgramRun.Start("ip", ["netns", "exec", _server, Mayu, "serve", "--debug", "--config", Path.Combine(Folder, "config.yaml"), .. settings]);
        _mayu.OutputDataReceived += (_, line) => Hear(line.Data);
        _mayu.ErrorDataReceived += (_, line) => Hear(line.Data);
        _mayu.BeginOutputReadLine();
        _mayu.BeginErrorReadLine();
        await WaitAsync(() => CountInLog("dnsmasq answers") > before, "dnsmasq did not start");
    }

    /// <summary>Sends mayu a signal that ends it, and waits until it is gone.</summary>
    public async Task StopAsync(string signal)
    {
        if (_mayu is not null)
        {
            // `ip netns exec` becomes the program, so this is its own process.
            await ProgramRun.ToEndAsync("kill", "-" + signal, Invariant($"{_mayu.Id}"));
            using var patience = new CancellationTokenSource(Patience);
            await _mayu.WaitForExitAsync(patience.Token);
            _mayu.Dispose();
            _mayu = null;
        }
    }

    /// <summary>Starts a plain dnsmasq, on another host of the same network, that gives addresses and says nothing of booting.</summary>
    public async Task<Process> StartOtherServerAsync()
    {
        await ProgramRun.OrFailAsync("ip", "netns", "add", _other);
        await ProgramRun.OrFailAsync("ip", "link", "add", "p1", "netns", _server, "type", "veth", "peer", "name", "eth0", "netns", _other);
        await ProgramRun.OrFailAsync("ip", "-n", _server, "link", "set", "p1", "master", "br0", "up");
        await ProgramRun.OrFailAsync("ip", "-n", _other, "address", "add", "10.77.0.3/24", "dev", "eth0");
        await ProgramRun.OrFailAsync("ip", "-n", _other, "link", "set", "eth0", "up");
        return ProgramRun.Start("ip", [
            "netns", "exec", _other, "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--log-facility=/dev/null", "--user=root", "--pid-file=", "--port=0",
            "--interface=eth0", "--bind-interfaces", "--no-ping", "--dhcp-range=10.77.0.160,10.77.0.190,1h", $"--dhcp-leasefile={Folder}/other.leases"]);
    }

    /// <summary>Runs a client that must succeed.</summary>
    public Task<string> ClientAsync(params string[] command) => ProgramRun.OrFailAsync("ip", ["netns", "exec", _clients, .. command]);

    /// <summary>Runs a client that may fail.</summary>
    public Task<(int ExitCode, string Output)> TryClientAsync(params string[] command) =>
        ProgramRun.ToEndAsync("ip", ["netns", "exec", _clients, .. command]);

    /// <summary>Runs udhcpc for a lease: what it got, on one line; or null when it got none.</summary>
    public async Task<string?> LeaseAsync(string mac, params string[] more)
    {
        await ClientAsync("ip", "link", "set", "eth0", "address", mac);
        var (exitCode, output) = await TryClientAsync(
            ["udhcpc", "-f", "-q", "-n", "-i", "eth0", "-t", "3", "-T", "1", "-s", Path.Combine(Folder, "udhcpc.script"), .. more]);
        return exitCode == 0 ? output.Split('\n').Single(line => line.StartsWith("ip=", StringComparison.Ordinal)) : null;
    }

    /// <summary>Runs a second mayu beside the first, which must fail to start.</summary>
    public Task<(int ExitCode, string Output)> SecondServerAsync(params string[] settings) => ProgramRun.ToEndAsync(
        "ip", ["netns", "exec", _server, Mayu, "serve", "--config", Path.Combine(Folder, "config.yaml"), "--set", "boot.port=5081", "--set", "api.port=5080", .. settings]);

    /// <summary>Asks the API.</summary>
    public Task<string> ApiAsync(string path, params string[] more)
    {
        var keys = Path.Combine(Folder, "data", "keys");
        // From the server's side: the clients change their MAC all the time.
        return ProgramRun.OrFailAsync("ip", ["netns", "exec", _server,
            "curl", "--silent", "--max-time", "20", "--cacert", Path.Combine(keys, "ca.pem"),
            "--header", $"Authorization: Bearer {File.ReadAllText(Path.Combine(keys, "operator-token")).Trim()}", .. more, $"https://10.77.0.1:4080{path}"]);
    }

    /// <summary>Sets a machine's state as an operator does.</summary>
    public async Task SetStateAsync(string serial, string state)
    {
        var answer = await ApiAsync($"/api/v1/machines/{serial}/state", "--request", "PUT", "--header", "Content-Type: application/json", "--data", $$"""{"state": "{{state}}"}""");
        Assert.Contains($"\"state\":\"{state}\"", answer, StringComparison.Ordinal);
    }

    /// <summary>Waits for something that comes by itself.</summary>
    public async Task WaitAsync(Func<bool> isThere, string otherwise)
    {
        for (var i = 0; !isThere(); i++)
        {
            Assert.True(i < 800 && _mayu is { HasExited: false }, $"{otherwise}: {Log}");
            await Task.Delay(50);
        }
    }

    /// <summary>How many times the server said something.</summary>
    public int CountInLog(string text) => Log.Split(text).Length - 1;

    private static string Mayu => Path.Combine(AppContext.BaseDirectory, "mayu");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void Hear(string? line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }
    }

    private void WriteFiles()
    {
        File.WriteAllText(Path.Combine(Folder, "config.yaml"), $$"""
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
            data_dir: {{Folder}}/data
            tftp_root: '{{TftpRoot}}'
            defaults: { image: none }
            """);
        var machine = Directory.CreateDirectory(Path.Combine(Folder, "data", "cluster", "running-1")).FullName;
        File.WriteAllText(Path.Combine(machine, "conf.json"), $$"""
            {"Serial": "running-1", "State": "running", "Profile": "default", "MacAddresses": ["{{RunningMac}}"], "InternalAddr": "10.77.0.100"}
            """);
        var script = Path.Combine(Folder, "udhcpc.script");
        File.WriteAllText(script, """
            #!/bin/sh
            [ "$1" = bound ] || exit 0
            echo "ip=$ip mask=$mask router=$router dns=$dns domain=$domain lease=$lease server=$serverid file=$boot_file siaddr=$siaddr opt43=$opt43 vendor=$vendor opt175=$opt175"
            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private async Task BuildNetworkAsync()
    {
        foreach (var name in new[] { _server, _clients })
        {
            await ProgramRun.OrFailAsync("ip", "netns", "add", name);
            await ProgramRun.OrFailAsync("ip", "-n", name, "link", "set", "lo", "up");
        }

        await ProgramRun.OrFailAsync("ip", "-n", _server, "link", "add", "br0", "type", "bridge");
        await ProgramRun.OrFailAsync("ip", "-n", _server, "address", "add", "10.77.0.1/24", "dev", "br0");
        await ProgramRun.OrFailAsync("ip", "link", "add", "p0", "netns", _server, "type", "veth", "peer", "name", "eth0", "netns", _clients);
        await ProgramRun.OrFailAsync("ip", "-n", _server, "link", "set", "p0", "master", "br0", "up");
        await ProgramRun.OrFailAsync("ip", "-n", _server, "link", "set", "br0", "up");
        await ProgramRun.OrFailAsync("ip", "-n", _clients, "link", "set", "eth0", "up");
        await ProgramRun.OrFailAsync("ip", "-n", _clients, "address", "add", "10.77.0.200/24", "dev", "eth0");
    }
}
