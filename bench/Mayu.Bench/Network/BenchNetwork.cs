using System.Net;
using System.Net.Sockets;
using Mayu.Lab;
using Mayu.Lab.Rack;

namespace Mayu.Bench.Network;

/// <summary>
/// Two network namespaces, one for the servers and one for their clients, joined by one cable (a veth pair). Nothing of it
/// touches the host. Disposing takes everything down; what a killed run leaves the next one clears away, as racks do.
/// </summary>
internal sealed class BenchNetwork : IAsyncDisposable
{
    /// <summary>The interface, in both namespaces.</summary>
    public const string Nic = "eth0";

    private const int Prefix = 16;

    private readonly RackLock _servers;
    private readonly RackLock _clients;
    private readonly List<RackProcess> _processes = [];
    private NamespaceThread? _serverThread;
    private NamespaceThread? _clientThread;

    private BenchNetwork(RackLock servers, RackLock clients, string workFolder)
    {
        _servers = servers;
        _clients = clients;
        WorkFolder = Path.Combine(workFolder, servers.Name);
    }

    /// <summary>The servers' address.</summary>
    public static IPAddress ServerAddress { get; } = new([10, 77, 0, 1]);

    /// <summary>The clients' address.</summary>
    public static IPAddress ClientAddress { get; } = new([10, 77, 0, 2]);

    /// <summary>The network of both.</summary>
    public static string Subnet => $"10.77.0.0/{Prefix}";

    /// <summary>The first and last address to lease. The clients' end takes all of them as its own, so a client can use the one it got.</summary>
    public static (string First, string Last) Leasable => ("10.77.4.1", "10.77.7.254");

    /// <summary>The first and last address that machines get for good.</summary>
    public static (string First, string Last) Internal => ("10.77.8.1", "10.77.11.254");

    /// <summary>A folder on a real disk.</summary>
    public string WorkFolder { get; }

    /// <param name="workFolder">The folder that gets a folder of its own for this network.</param>
    /// <param name="cancellation">Ends the making.</param>
    public static async Task<BenchNetwork> MakeAsync(string workFolder, CancellationToken cancellation)
    {
        var servers = await RackLock.TakeAsync(cancellation);
        var network = new BenchNetwork(servers, await RackLock.TakeAsync(cancellation), workFolder);
        try
        {
            await network.LayOutAsync(cancellation);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a server, and returns when it has said that it is ready.</summary>
    /// <param name="log">File for its output.</param>
    /// <param name="ready">What it says then.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="LabException">It ended, or did not say it; the message has its last lines.</exception>
    public async Task<RackProcess> StartServerAsync(string log, string ready, string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        // What an earlier one said is not what this one says.
        File.Delete(log);
        var process = await RackProcess.StartAsync(_serverThread!, _servers.Name, Path.GetFileName(program), log, program, arguments);
        _processes.Add(process);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        while (!File.Exists(log) || !(await File.ReadAllTextAsync(log, cancellation)).Contains(ready, StringComparison.Ordinal))
        {
            if (process.HasExited || patience.IsCancellationRequested)
            {
                cancellation.ThrowIfCancellationRequested();
                throw new LabException($"{process.Name} did not start:\n{process.Tail(30)}");
            }

            await Task.Delay(5, cancellation);
        }

        return process;
    }

    /// <summary>Gives the clients' end a further address, and each end a way to the other.</summary>
    /// <param name="address">The address with its prefix.</param>
    /// <param name="subnet">The subnet that the servers' end then has a way to.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task AddClientNetworkAsync(string address, string subnet, CancellationToken cancellation)
    {
        (await Tool.RunAsync("ip", ["-n", _clients.Name, "addr", "replace", address, "dev", Nic], cancellation: cancellation)).OrThrow();
        (await Tool.RunAsync("ip", ["-n", _servers.Name, "route", "replace", subnet, "dev", Nic], cancellation: cancellation)).OrThrow();
    }

    /// <summary>Runs a program at the clients' end, and gives what it said, whatever its exit code.</summary>
    public async Task<string> RunClientAsync(string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var result = await Tool.RunAsync("ip", ["netns", "exec", _clients.Name, program, .. arguments], cancellation: cancellation);
        return result.Output + result.Errors;
    }

    /// <summary>What all servers that run used so far.</summary>
    public async Task<ServerUsage> UsageAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var inside = (await Tool.RunAsync("ip", ["netns", "pids", _servers.Name], cancellation: cancellation)).OrThrow();
            try
            {
                return ServerUsage.Of(inside.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            }
            catch (Exception gone) when (gone is LabException or IOException && attempt < 10)
            {
                // One ended since they were listed: tftpd-hpa has a process for each transfer. They are listed anew.
            }
        }
    }

    /// <summary>Makes a socket at the clients' end, to be used from anywhere.</summary>
    public Task<Socket> CreateClientSocketAsync(SocketType type, ProtocolType protocol) =>
        _clientThread!.RunAsync(() => new Socket(AddressFamily.InterNetwork, type, protocol));

    /// <summary>Makes an HTTP client's connection from the clients' end.</summary>
    /// <param name="from">The client's address; null for any.</param>
    /// <param name="to">Whom to connect to.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<Stream> ConnectAsync(IPAddress? from, DnsEndPoint to, CancellationToken cancellation)
    {
        var socket = await CreateClientSocketAsync(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            if (from is not null)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(to, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _serverThread?.Dispose();
        _clientThread?.Dispose();
        foreach (var held in new[] { _servers, _clients })
        {
            await RackNetwork.RemoveAsync(held.Name, CancellationToken.None);
        }

        if (Directory.Exists(WorkFolder))
        {
            Directory.Delete(WorkFolder, recursive: true);
        }

        _servers.Dispose();
        _clients.Dispose();
    }

    private async Task LayOutAsync(CancellationToken cancellation)
    {
        _servers.Claim(WorkFolder);
        Directory.CreateDirectory(WorkFolder);
        var (servers, clients) = (_servers.Name, _clients.Name);
        string[][] commands =
        [
            ["netns", "add", servers],
            ["netns", "add", clients],
            ["link", "add", Nic, "netns", servers, "type", "veth", "peer", "name", Nic, "netns", clients],
            ["-n", servers, "addr", "add", $"{ServerAddress}/{Prefix}", "dev", Nic],
            ["-n", clients, "addr", "add", $"{ClientAddress}/{Prefix}", "dev", Nic],
            ["-n", servers, "link", "set", "lo", "up"],
            ["-n", clients, "link", "set", "lo", "up"],
            ["-n", servers, "link", "set", Nic, "up"],
            ["-n", clients, "link", "set", Nic, "up"],
            // Every address that can be leased belongs to the clients' end.
            ["-n", clients, "route", "add", "local", "10.77.4.0/22", "dev", "lo"],
        ];
        foreach (var command in commands)
        {
            (await Tool.RunAsync("ip", command, cancellation: cancellation)).OrThrow();
        }

        _serverThread = new NamespaceThread(servers);
        _clientThread = new NamespaceThread(clients);
    }
}
