using System.Diagnostics;
using System.Globalization;
using System.Text;
using Mayu.Interop.Tests;

[assembly: AssemblyFixture(typeof(WireFixture))]

namespace Mayu.Interop.Tests;

/// <summary>
/// `mayu serve` in a network namespace, and real clients in another: a bridge br0 that it is told to serve, and a second one,
/// br1, that it is not. Everything is taken away at the end.
/// </summary>
public sealed class WireFixture : IAsyncLifetime
{
    /// <summary>The MAC of a machine that is known and runs.</summary>
    public const string RunningMac = "02:00:00:00:00:99";

    /// <summary>Its internal address.</summary>
    public const string RunningAddress = "10.77.0.100";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private static int _made;

    private readonly string _server;
    private readonly string _clients;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _mayu;

    public WireFixture()
    {
        var number = Interlocked.Increment(ref _made);
        _server = Invariant($"mayu-it-{Environment.ProcessId}-{number}s");
        _clients = Invariant($"mayu-it-{Environment.ProcessId}-{number}c");
    }

    /// <summary>A folder for the tests' files.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("mayu-interop-").FullName;

    /// <summary>The folder that TFTP serves.</summary>
    public string TftpRoot => Path.Combine(Folder, "tftp");

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

    /// <summary>
    /// Waits until the server has said this. Its output comes through a pipe of its own, so a client may have ended before the line that tells
    /// of it is here: a test that looks once would fail at random.
    /// </summary>
    public async Task LogHasAsync(string text)
    {
        for (var waited = TimeSpan.Zero; !Log.Contains(text, StringComparison.Ordinal); waited += Glance)
        {
            Assert.True(waited < Patience, $"the server did not say \"{text}\"; it said:\n{Log}");
            await Task.Delay(Glance, TestContext.Current.CancellationToken);
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
        WriteServersFiles();
        await BuildNetworkAsync();
        _mayu = ProgramRun.Start("ip", ["netns", "exec", _server, Path.Combine(AppContext.BaseDirectory, "mayu"), "serve", "--config", Path.Combine(Folder, "config.yaml")]);
        _mayu.OutputDataReceived += (_, line) => Hear(line.Data);
        _mayu.ErrorDataReceived += (_, line) => Hear(line.Data);
        _mayu.BeginOutputReadLine();
        _mayu.BeginErrorReadLine();
        await Task.WhenAny(_ready.Task, Task.Delay(Patience), _mayu.WaitForExitAsync());
        Assert.True(_ready.Task.IsCompleted, $"mayu did not start: {Log}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_mayu is not null)
        {
            // `ip netns exec` becomes the program, so this is its own process.
            await ProgramRun.ToEndAsync("kill", "-TERM", Invariant($"{_mayu.Id}"));
            using var patience = new CancellationTokenSource(Patience);
            await _mayu.WaitForExitAsync(patience.Token);
            _mayu.Dispose();
        }

        if (Environment.IsPrivilegedProcess)
        {
            await ProgramRun.ToEndAsync("ip", "netns", "del", _server);
            await ProgramRun.ToEndAsync("ip", "netns", "del", _clients);
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Skips the test, with the reason, where it cannot run.</summary>
    public static void NeedRoot() => Assert.SkipUnless(
        Environment.IsPrivilegedProcess, "needs root, to make network namespaces: run ./test, which asks for it by sudo");

    /// <summary>Runs a client that must succeed.</summary>
    public Task<string> ClientAsync(params string[] command) => ProgramRun.OrFailAsync("ip", ["netns", "exec", _clients, .. command]);

    /// <summary>Runs a client that may fail.</summary>
    public Task<(int ExitCode, string Output)> TryClientAsync(params string[] command) =>
        ProgramRun.ToEndAsync("ip", ["netns", "exec", _clients, .. command]);

    /// <summary>Runs a program where the server is, as its operator does.</summary>
    public Task<(int ExitCode, string Output)> TryOperatorAsync(params string[] command) =>
        ProgramRun.ToEndAsync("ip", ["netns", "exec", _server, .. command]);

    /// <summary>Runs a second mayu beside the first, which must fail to start.</summary>
    public Task<(int ExitCode, string Output)> SecondServerAsync(params string[] settings) => ProgramRun.ToEndAsync(
        "ip", ["netns", "exec", _server, Path.Combine(AppContext.BaseDirectory, "mayu"), "serve", "--config", Path.Combine(Folder, "config.yaml"), .. settings]);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

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

    private void WriteServersFiles()
    {
        File.WriteAllText(Path.Combine(Folder, "config.yaml"), $$"""
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
            data_dir: {{Folder}}/data
            tftp_root: {{TftpRoot}}
            defaults: { image: none }
            pxe:
              quirks:
                - { oui: 02:47:52, file: grubx64.efi }
                - { oui: 02:53:48, file: shimx64.efi }
                - { oui: 02:50:58, file: pxelinux.0 }
            """);
        var machine = Path.Combine(Folder, "data", "cluster", "running-1");
        Directory.CreateDirectory(machine);
        File.WriteAllText(Path.Combine(machine, "conf.json"), $$"""
            {"Serial": "running-1", "State": "running", "Profile": "default", "MacAddresses": ["{{RunningMac}}"], "InternalAddr": "{{RunningAddress}}"}
            """);
        var discovery = Directory.CreateDirectory(Path.Combine(Folder, "data", "images", "discovery")).FullName;
        File.WriteAllText(Path.Combine(discovery, "vmlinuz"), "kernel");
        File.WriteAllText(Path.Combine(discovery, "initrd.cpio.gz"), "initrd");
        // udhcpc tells what it got by running this; it also takes the address, as a system does.
        var script = Path.Combine(Folder, "udhcpc.script");
        File.WriteAllText(script, """
            #!/bin/sh
            [ "$1" = bound ] || exit 0
            ip address flush dev "$interface" scope global
            ip address add "$ip/$mask" dev "$interface"
            echo "ip=$ip mask=$mask router=$router dns=$dns domain=$domain lease=$lease server=$serverid file=$boot_file siaddr=$siaddr"
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

        foreach (var (bridge, port, nic, address) in new[] { ("br0", "p0", "eth0", "10.77.0.1/24"), ("br1", "p1", "eth1", "10.78.0.1/24") })
        {
            await ProgramRun.OrFailAsync("ip", "-n", _server, "link", "add", bridge, "type", "bridge");
            await ProgramRun.OrFailAsync("ip", "-n", _server, "address", "add", address, "dev", bridge);
            await ProgramRun.OrFailAsync("ip", "link", "add", port, "netns", _server, "type", "veth", "peer", "name", nic, "netns", _clients);
            await ProgramRun.OrFailAsync("ip", "-n", _server, "link", "set", port, "master", bridge, "up");
            await ProgramRun.OrFailAsync("ip", "-n", _server, "link", "set", bridge, "up");
            await ProgramRun.OrFailAsync("ip", "-n", _clients, "link", "set", nic, "up");
        }
    }
}
