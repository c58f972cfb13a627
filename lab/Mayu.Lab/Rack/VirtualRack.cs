using System.Net.Sockets;

namespace Mayu.Lab.Rack;

/// <summary>
/// A rack with a network of its own: nothing of it touches the host's addresses, and two racks do not see each other.
/// Disposing takes everything down; what a killed rack leaves is cleared away by the next one to start.
/// </summary>
public sealed class VirtualRack : IAsyncDisposable
{
    private readonly RackLock _lock;
    private readonly RackOptions _options;
    private readonly Lock _lists = new();
    private readonly List<RackMachine> _machines = [];
    private readonly List<RackProcess> _processes = [];
    private NamespaceThread? _thread;
    private int _places;

    private VirtualRack(RackLock held, RackOptions options)
    {
        _lock = held;
        _options = options;
        WorkFolder = Path.GetFullPath(options.WorkFolder ?? Path.Combine(Path.GetTempPath(), held.Name));
        ScratchFolder = Path.Combine(RackLock.Folder, held.Name);
    }

    /// <summary>Its name, also that of its network namespace (<c>ip netns exec NAME …</c>).</summary>
    public string Name => _lock.Name;

    /// <summary>Disks and logs.</summary>
    public string WorkFolder { get; }

    public RackOptions Options => _options;

    public IReadOnlyList<RackMachine> Machines
    {
        get
        {
            lock (_lists)
            {
                return [.. _machines];
            }
        }
    }

    /// <summary>A folder with a short path, for sockets and passing files.</summary>
    internal string ScratchFolder { get; }

    /// <summary>Makes a rack without machines.</summary>
    /// <exception cref="LabException">Something it needs is missing, or the kernel refused.</exception>
    public static async Task<VirtualRack> StartAsync(RackOptions options, CancellationToken cancellation = default)
    {
        RackNeeds.Check();
        var rack = new VirtualRack(await RackLock.TakeAsync(cancellation), options);
        try
        {
            await rack.LayOutAsync(cancellation);
            return rack;
        }
        catch
        {
            await rack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Puts a machine into the rack; it is off, its disks are blank.</summary>
    public async Task<RackMachine> AddMachineAsync(MachineSpec spec, CancellationToken cancellation = default)
    {
        if (Machines.Any(other => other.Serial == spec.Serial))
        {
            throw new LabException($"the rack already has a machine {spec.Serial}");
        }

        var tap = RackNames.Tap(Interlocked.Increment(ref _places) - 1);
        await RackNetwork.AddTapAsync(Name, _options.Bridge, tap, cancellation);
        var folder = Directory.CreateDirectory(Path.Combine(WorkFolder, "machines", spec.Serial)).FullName;
        var paths = new QemuPaths
        {
            Console = Path.Combine(folder, "console.log"),
            ControlSocket = Path.Combine(ScratchFolder, tap + ".qmp"),
            Disks = [.. spec.DiskBytes.Select((_, place) => Path.Combine(folder, $"disk{place}.raw"))],
            FirmwareVariables = Path.Combine(folder, "firmware-variables.fd"),
        };
        if (QemuArguments.VariablesOf(spec.Firmware) is { } variables)
        {
            File.Copy(variables, paths.FirmwareVariables, overwrite: true);
        }

        var machine = new RackMachine(this, spec, paths, tap, Path.Combine(folder, "qemu.log"));
        foreach (var (disk, bytes) in machine.Disks.Zip(spec.DiskBytes))
        {
            disk.Blank(bytes);
        }

        lock (_lists)
        {
            _machines.Add(machine);
        }

        return machine;
    }

    /// <summary>Starts a program inside the rack's network; it ends with the rack.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="log">File its output is appended to; relative to the work folder.</param>
    /// <param name="file">Program.</param>
    /// <param name="arguments">Arguments, one each.</param>
    /// <param name="environment">Variables added to ours.</param>
    public async Task<RackProcess> StartAsync(
        string name,
        string log,
        string file,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var process = await RackProcess.StartAsync(Thread(), Name, name, Path.Combine(WorkFolder, log), file, arguments, environment);
        lock (_lists)
        {
            _processes.RemoveAll(other => other.IsDisposed);
            _processes.Add(process);
        }

        return process;
    }

    /// <summary>Runs a short program inside the rack's network to its end.</summary>
    public Task<ToolResult> RunAsync(
        string file,
        IEnumerable<string> arguments,
        TimeSpan? timeout = null,
        CancellationToken cancellation = default) =>
        Tool.RunAsync("ip", ["netns", "exec", Name, file, .. arguments], timeout, cancellation);

    /// <summary>Makes a socket that lives in the rack's network, to be used from anywhere.</summary>
    public Task<Socket> CreateSocketAsync(AddressFamily family, SocketType type, ProtocolType protocol) =>
        Thread().RunAsync(() => new Socket(family, type, protocol));

    /// <summary>An HTTP handler whose connections begin inside the rack's network.</summary>
    public SocketsHttpHandler CreateHttpHandler() => new() { UseProxy = false, ConnectCallback = ConnectAsync };

    /// <summary>Makes an HTTP client's connection inside the rack's network.</summary>
    internal async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = await CreateSocketAsync(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
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
        foreach (var machine in Machines)
        {
            await machine.DisposeAsync();
        }

        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        _thread?.Dispose();
        await RackNetwork.RemoveAsync(Name, CancellationToken.None);
        Remove(ScratchFolder);
        if (!_options.KeepWorkFolder)
        {
            Remove(WorkFolder);
        }

        _lock.Dispose();
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task LayOutAsync(CancellationToken cancellation)
    {
        _lock.Claim(ScratchFolder);
        Directory.CreateDirectory(ScratchFolder);
        if (!_options.KeepWorkFolder)
        {
            _lock.Claim(WorkFolder);
        }

        Directory.CreateDirectory(WorkFolder);
        await RackNetwork.MakeAsync(Name, _options.Bridge, _options.Address, _options.PrefixLength, cancellation);
        _thread = new NamespaceThread(Name);
    }

    private NamespaceThread Thread() => _thread ?? throw new ObjectDisposedException(Name);
}
