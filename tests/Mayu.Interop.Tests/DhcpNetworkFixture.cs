using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mayu.Interop.Tests;

[assembly: AssemblyFixture(typeof(DhcpNetworkFixture))]

namespace Mayu.Interop.Tests;

/// <summary>
/// `mayu serve` with two interfaces of its own and a subnet behind Debian's dhcrelay, each in namespaces: server, relay, clients. The
/// clients' eth0 is on the main network, eth1 on the second segment, eth2 behind the relay. Everything is taken away at the end.
/// </summary>
public sealed class DhcpNetworkFixture : IAsyncLifetime
{
    /// <summary>A device with a fixed address in the second segment's pool, which nobody told Mayu of.</summary>
    public const string StrangersAddress = "10.81.0.50";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly string _server = Name("s");
    private readonly string _relay = Name("r");
    private readonly string _clients = Name("c");
    private readonly StringBuilder _log = new();
    private TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _mayu;
    private Process? _dhcrelay;

    /// <summary>A folder for the tests' files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mayu-dhcp-").FullName;

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

        WriteFiles();
        await BuildNetworkAsync();
        await StartServerAsync();
        _dhcrelay = ProgramRun.Start("ip", "netns", "exec", _relay, "dhcrelay", "-4", "-d", "-a", "-id", "down0", "-iu", "up0", "10.80.0.1");
        _dhcrelay.BeginErrorReadLine();
        _dhcrelay.BeginOutputReadLine();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_dhcrelay is not null)
        {
            _dhcrelay.Kill();
            await _dhcrelay.WaitForExitAsync();
            _dhcrelay.Dispose();
        }

        if (_mayu is not null)
        {
            await StopServerAsync("-TERM");
        }

        if (Environment.IsPrivilegedProcess)
        {
            foreach (var name in new[] { _server, _relay, _clients })
            {
                await ProgramRun.ToEndAsync("ip", "netns", "del", name);
            }
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Ends the server with a signal, and starts it again.</summary>
    public async Task RestartAsync(string signal)
    {
        await StopServerAsync(signal);
        await StartServerAsync();
    }

    /// <summary>Runs a client that must succeed.</summary>
    public Task<string> ClientAsync(params string[] command) => ProgramRun.OrFailAsync("ip", ["netns", "exec", _clients, .. command]);

    /// <summary>Runs a client that may fail.</summary>
    public Task<(int ExitCode, string Output)> TryClientAsync(params string[] command) => ProgramRun.ToEndAsync("ip", ["netns", "exec", _clients, .. command]);

    /// <summary>Runs udhcpc with a MAC, and gives what it says of its lease.</summary>
    public async Task<string> UdhcpcAsync(string nic, string mac, params string[] more)
    {
        await ClientAsync("ip", "link", "set", nic, "address", mac);
        return await ClientAsync(["udhcpc", "-f", "-q", "-n", "-i", nic, "-t", "5", "-T", "3", "-s", Path.Combine(Folder, "udhcpc.script"), .. more]);
    }

    /// <summary>Waits until the server has said something: what it logs about a packet may come after the answer.</summary>
    public async Task LogHasAsync(string text)
    {
        for (var i = 0; i < 100 && !Log.Contains(text, StringComparison.Ordinal); i++)
        {
            await Task.Delay(100);
        }

        Assert.Contains(text, Log, StringComparison.Ordinal);
    }

    private static string Name(string role) => string.Create(CultureInfo.InvariantCulture, $"mayu-dh-{Environment.ProcessId}-{role}");

    private async Task StartServerAsync()
    {
        _ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _mayu = ProgramRun.Start("ip", "netns", "exec", _server, Path.Combine(AppContext.BaseDirectory, "mayu"), "serve", "--config", Path.Combine(Folder, "config.yaml"));
        _mayu.OutputDataReceived += (_, line) => Hear(line.Data);
        _mayu.ErrorDataReceived += (_, line) => Hear(line.Data);
        _mayu.BeginOutputReadLine();
        _mayu.BeginErrorReadLine();
        await Task.WhenAny(_ready.Task, Task.Delay(Patience), _mayu.WaitForExitAsync());
        Assert.True(_ready.Task.IsCompleted, $"mayu did not start: {Log}");
    }

    private async Task StopServerAsync(string signal)
    {
        // `ip netns exec` becomes the program, so this is its own process.
        await ProgramRun.ToEndAsync("kill", signal, _mayu!.Id.ToString(CultureInfo.InvariantCulture));
        using var patience = new CancellationTokenSource(Patience);
        await _mayu.WaitForExitAsync(patience.Token);
        _mayu.Dispose();
        _mayu = null;
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.AppendLine(line);
        }

        if (line.Contains(": ready", StringComparison.Ordinal))
        {
            _ready.TrySetResult();
        }
    }

    private void WriteFiles()
    {
        File.WriteAllText(Path.Combine(Folder, "config.yaml"), $$"""
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
            data_dir: {{Folder}}/data
            defaults: { image: none }
            """);
        var script = Path.Combine(Folder, "udhcpc.script");
        File.WriteAllText(script, """
            #!/bin/sh
            [ "$1" = bound ] || exit 0
            ip address flush dev "$interface" scope global
            ip address add "$ip/$mask" dev "$interface"
            echo "ip=$ip router=$router mtu=$mtu hostname=$hostname server=$serverid file=$boot_file opt150=$opt150"
            """);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private async Task BuildNetworkAsync()
    {
        foreach (var name in new[] { _server, _relay, _clients })
        {
            await ProgramRun.OrFailAsync("ip", "netns", "add", name);
            await ProgramRun.OrFailAsync("ip", "-n", name, "link", "set", "lo", "up");
        }

        // main0 is a bridge with the clients' eth0 and the relay's upper side; br1 one with eth1 and the stranger.
        foreach (var (bridge, address) in new[] { ("main0", "10.80.0.1/24"), ("br1", "10.81.0.1/24") })
        {
            await IpAsync(_server, "link", "add", bridge, "type", "bridge");
            await IpAsync(_server, "address", "add", address, "dev", bridge);
            await IpAsync(_server, "link", "set", bridge, "up");
        }

        await CableAsync("m0", _clients, "eth0", "main0");
        await CableAsync("m1", _relay, "up0", "main0");
        await CableAsync("b0", _clients, "eth1", "br1");
        await CableAsync("b1", _relay, "guest0", "br1");
        await IpAsync(_relay, "link", "add", "down0", "type", "veth", "peer", "name", "eth2", "netns", _clients);
        await IpAsync(_relay, "link", "set", "down0", "up");
        await IpAsync(_clients, "link", "set", "eth2", "up");
        await IpAsync(_relay, "address", "add", "10.80.0.2/24", "dev", "up0");
        await IpAsync(_relay, "address", "add", "10.82.0.1/24", "dev", "down0");
        await IpAsync(_relay, "address", "add", $"{StrangersAddress}/24", "dev", "guest0");
        await IpAsync(_server, "route", "add", "10.82.0.0/24", "via", "10.80.0.2");
        await ProgramRun.OrFailAsync("ip", "netns", "exec", _relay, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        await IpAsync(_clients, "address", "add", "10.80.0.200/24", "dev", "eth0");
    }

    private async Task CableAsync(string port, string space, string nic, string bridge)
    {
        await ProgramRun.OrFailAsync("ip", "link", "add", port, "netns", _server, "type", "veth", "peer", "name", nic, "netns", space);
        await IpAsync(_server, "link", "set", port, "master", bridge, "up");
        await IpAsync(space, "link", "set", nic, "up");
    }

    private static Task<string> IpAsync(string space, params string[] arguments) => ProgramRun.OrFailAsync("ip", ["-n", space, .. arguments]);
}
