using Mayu.Client;
using Mayu.Lab.Rack;

namespace Mayu.Lab.Server;

/// <summary>The server of a rack: the real program, on the rack's bridge, with data of its own.</summary>
public sealed class LabServer : IAsyncDisposable
{
    private const int ApiPort = 4080;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly VirtualRack _rack;
    private readonly LabServerOptions _options;
    private RackProcess? _process;
    private RackProcess? _external;
    private MayuClient? _api;

    private LabServer(VirtualRack rack, LabServerOptions options)
    {
        _rack = rack;
        _options = options;
    }

    public MayuClient Api => _api ?? throw new LabException("the server is not running");

    public Uri ApiAddress => new($"https://{_rack.Options.Address}:{ApiPort}");

    public string ConfigFile => Path.Combine(_rack.WorkFolder, "config.yaml");

    public string DataFolder => Path.Combine(_rack.WorkFolder, "var");

    /// <summary>The git repository with a record for each machine.</summary>
    public string ClusterFolder => Path.Combine(DataFolder, "cluster");

    public string LogFile => Path.Combine(_rack.WorkFolder, "mayu.log");

    /// <summary>A template that is laid here stands before the built-in one of the same name.</summary>
    public string TemplatesFolder => LabServerConfig.TemplatesIn(DataFolder);

    /// <summary>A script that runs <c>mayuctl</c> inside the rack's network, with the server and its token known.</summary>
    public string MayuctlScript => Path.Combine(_rack.WorkFolder, "mayuctl");

    private string Keys => Path.Combine(DataFolder, "keys");

    /// <summary>Writes the configuration, starts the program, and returns when it says that it is ready.</summary>
    /// <exception cref="LabException">A file is missing, or it did not start; the message has its log's last lines.</exception>
    public static async Task<LabServer> StartAsync(VirtualRack rack, LabServerOptions options, CancellationToken cancellation = default)
    {
        LabServerNeeds.Check(options);
        var server = new LabServer(rack, options);
        await File.WriteAllTextAsync(server.ConfigFile, LabServerConfig.Write(rack.Options, options, server.DataFolder, rack.ScratchFolder), cancellation);
        await server.WriteMayuctlScriptAsync(cancellation);
        if (options.Engine == LabEngine.External)
        {
            server._external = await ExternalDnsmasq.StartAsync(rack, cancellation);
        }

        await server.StartAsync(cancellation);
        return server;
    }

    /// <summary>Starts it again after <see cref="StopAsync"/>, with the data it left.</summary>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(TemplatesFolder);
        _process = await _rack.StartAsync("mayu", LogFile, Path.GetFullPath(_options.Mayu), ["serve", "--config", ConfigFile, .. _options.Settings.SelectMany(setting => new[] { "--set", setting })]);
        _api = await WaitUntilReadyAsync(_process, cancellation);
    }

    /// <summary>Asks it to end.</summary>
    public async Task StopAsync()
    {
        _api?.Dispose();
        _api = null;
        if (_process is not null)
        {
            await _process.StopAsync(StopPatience);
            await _process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>Says why the server is gone although nobody stopped it; null while it runs.</summary>
    public string? Failure() =>
        _process is { HasExited: true } gone ? $"mayu exited unexpectedly with code {gone.ExitCode}:\n{gone.Tail()}"
        : _external is { HasExited: true } other ? $"the rack's dnsmasq exited with code {other.ExitCode}:\n{other.Tail()}"
        : null;

    /// <summary>Runs <c>mayuctl</c> against it.</summary>
    public Task<ToolResult> MayuctlAsync(IEnumerable<string> arguments, CancellationToken cancellation = default) =>
        Tool.RunAsync(MayuctlScript, arguments, cancellation: cancellation);

    /// <summary>The same, as a terminal shows it.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="width">The terminal's width, in columns.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<ToolResult> MayuctlScreenAsync(IEnumerable<string> arguments, int width, CancellationToken cancellation = default) =>
        Tool.ScreenAsync(MayuctlScript, arguments, width, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<MayuClient> WaitUntilReadyAsync(RackProcess process, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartPatience);
        while (true)
        {
            var (client, refusal) = await OpenAsync(cancellation);
            if (client is not null)
            {
                return client;
            }

            if (process.HasExited)
            {
                throw new LabException($"mayu did not start, it exited with code {process.ExitCode}:\n{process.Tail(30)}");
            }

            if (limit.IsCancellationRequested)
            {
                cancellation.ThrowIfCancellationRequested();
                throw new LabException($"mayu was not ready after {StartPatience.TotalSeconds:0} s ({refusal}). Its last lines:\n{process.Tail(30)}");
            }

            await Task.Delay(100, CancellationToken.None);
        }
    }

    /// <summary>A client that the server has answered; or why there is none yet.</summary>
    private async Task<(MayuClient? Client, string Refusal)> OpenAsync(CancellationToken cancellation)
    {
        var options = new MayuClientOptions
        {
            Server = ApiAddress.ToString(),
            CaFile = Path.Combine(Keys, "ca.pem"),
            TokenFile = Path.Combine(Keys, "operator-token"),
            Connect = _rack.ConnectAsync,
        };
        var opened = await MayuClient.OpenAsync(options, cancellation);
        if (!opened.TryGet(out var client, out var failure))
        {
            return (null, failure.Title);
        }

        if ((await client.ListMachinesAsync(cancellation)).TryGet(out _, out failure))
        {
            return (client, "");
        }

        client.Dispose();
        return (null, failure.Title);
    }

    private async Task WriteMayuctlScriptAsync(CancellationToken cancellation)
    {
        var script = $"""
            #!/bin/sh
            # mayuctl inside the network of {_rack.Name}; usage: {MayuctlScript} list
            export MAYU_SERVER={ApiAddress.ToString().TrimEnd('/')} MAYU_CA='{Keys}/ca.pem' MAYU_TOKEN_FILE='{Keys}/operator-token'
            exec ip netns exec {_rack.Name} '{Path.GetFullPath(_options.Mayuctl)}' "$@"

            """;
        await File.WriteAllTextAsync(MayuctlScript, script, cancellation);
        File.SetUnixFileMode(MayuctlScript, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
