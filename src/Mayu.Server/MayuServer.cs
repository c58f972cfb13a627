using Mayu.Core.Boot;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Provisioning;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Files;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Server.Api;
using Mayu.Server.Auth;
using Mayu.Server.BootHttp;
using Mayu.Server.BootScripts;
using Mayu.Server.Configuration;
using Mayu.Server.Decisions;
using Mayu.Server.Explain;
using Mayu.Server.Http;
using Mayu.Server.Images;
using Mayu.Server.Watch;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Mayu.Storage.Plain;

namespace Mayu.Server;

/// <summary>All that runs in the process, put together and started in order; disposing stops it in reverse.</summary>
internal sealed partial class MayuServer : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _running = [];
    private readonly LimitedLoggers _loggers;

    private MayuServer(ApiKeys keys, IMachineStore store, LimitedLoggers loggers)
    {
        _loggers = loggers;
        Keys = keys;
        Store = store;
    }

    public ApiKeys Keys { get; }

    public IMachineStore Store { get; }

    /// <summary>Starts everything.</summary>
    /// <exception cref="StartException">Something is missing or taken; nothing is left running.</exception>
    public static async Task<MayuServer> StartAsync(
        MayuConfiguration configuration, ILoggerFactory loggers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var limited = new LimitedLoggers(loggers, clock);
        try
        {
            return await StartAsync(configuration, limited, clock, cancellationToken);
        }
        catch
        {
            limited.Dispose();
            throw;
        }
    }

    private static async Task<MayuServer> StartAsync(
        MayuConfiguration configuration, LimitedLoggers loggers, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!BootInterfaces.TryFind(configuration.Netboot, out var nic, out var problem)
            || (configuration.ApiAddress != default && !BootInterface.IsOfThisHost(configuration.ApiAddress, "api.address", out problem)))
        {
            throw new StartException(problem);
        }

        if (OpenFiles.Trouble is { } tooFew)
        {
            LogTooFewFiles(loggers.CreateLogger("Mayu.OpenFiles"), tooFew);
        }

        var (store, keys) = await OpenStoreAndKeysAsync(configuration, loggers, clock, cancellationToken);
        var server = new MayuServer(keys, store, loggers);
        server._running.Add(store);
        try
        {
            var trace = new BootTrace(clock, serial => store.Current.Find(serial) is not null);
            var decisions = new BootDecisions(store, configuration.Cluster, configuration.Identity, new Heard(), trace);
            var renderer = new TemplateRenderer(new TemplateLibrary(configuration.TemplatesDirectory, configuration.SnippetsDirectory));
            var images = new ImageStore(configuration.ImagesDirectory);
            var clients = new ClientTable(decisions, clock);
            var scripts = new ScriptFiles(configuration, decisions, images, trace, clients, loggers.CreateLogger("Mayu.Boot"));
            var files = new ServedFiles(scripts, new FolderSource(configuration.Netboot.TftpRoot), new LoaderPackages());
            // Its ports are taken before anything is listened on, and it answers last: no machine is told to load what cannot be loaded yet.
            var engine = await server.OpenEngineAsync(nic, new EngineParts
            {
                Settings = configuration.Netboot,
                Answers = decisions,
                Machines = decisions,
                Files = files,
                Clients = clients,
                Trace = trace,
                Renderer = renderer,
                Clock = clock,
                Logs = loggers,
            });
            var boot = new BootContext
            {
                Configuration = configuration,
                Store = store,
                Trace = trace,
                Decisions = decisions,
                Provisioner = new Provisioner(renderer, configuration.Netboot.Network, configuration.Cluster.ExtraNics, configuration.Netboot.BootUrl, configuration.Variables),
                Images = images,
                Files = files,
                Clients = clients,
                Occupied = server.OpenProbe(configuration, loggers, clock),
                Clock = clock,
                Log = loggers.CreateLogger("Mayu.Boot"),
            };
            await server.StartListenerAsync(
                BootListener.Build(boot, loggers), new ListenerPort("boot.port", configuration.Netboot.BootPort, [.. configuration.Netboot.BootAddresses]), cancellationToken);
            var status = new EngineStatus(engine, boot.Occupied, new NeighbourTable(clock), store);
            var watch = server.StartWatch(store, trace, decisions, clock, loggers);
            await server.StartListenerAsync(
                ApiListener.Build(boot, keys, watch, new Explainer(boot, engine), status, loggers), new ListenerPort("api.port", configuration.ApiPort, [configuration.ApiAddress]), cancellationToken);
            server.Start(engine);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(_running))
        {
            if (part is WebApplication listener)
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
                await listener.StopAsync(patience.Token);
            }

            await part.DisposeAsync();
        }

        _loggers.Dispose();
    }

    private async Task StartListenerAsync(WebApplication listener, ListenerPort port, CancellationToken cancellationToken)
    {
        _running.Add(listener);
        try
        {
            await listener.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new StartException(port.WhyNot(e), e);
        }
    }

    // What was started last is stopped first: nobody is told of a listener that is gone.
    private void Start(IBootEngine engine)
    {
        engine.Start();
        _running.Remove(engine);
        _running.Add(engine);
    }

    private async Task<IBootEngine> OpenEngineAsync(BootInterface? nic, EngineParts parts)
    {
        try
        {
            var engine = await BootEngine.OpenAsync(nic, parts);
            _running.Add(engine);
            return engine;
        }
        catch (EngineException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    private BootWatch StartWatch(IMachineStore store, BootTrace trace, BootDecisions decisions, TimeProvider clock, ILoggerFactory loggers)
    {
        var watch = new BootWatch(store, trace, decisions, clock, loggers.CreateLogger<BootWatch>());
        _running.Add(watch);
        watch.Start();
        return watch;
    }

    private OccupiedAddresses OpenProbe(MayuConfiguration configuration, ILoggerFactory loggers, TimeProvider clock)
    {
        var probe = configuration is { ProbesAddresses: true, Netboot.Interface: { } name } ? ArpProbe.Open(name, clock, loggers.CreateLogger<ArpProbe>()) : null;
        if (probe is not null)
        {
            _running.Add(probe);
        }

        return new OccupiedAddresses(probe, configuration.Cluster.InternalRange, clock, loggers.CreateLogger<OccupiedAddresses>());
    }

    // The keys come last: where there are keys, there was a cluster.
    private static async Task<(IMachineStore Store, ApiKeys Keys)> OpenStoreAndKeysAsync(
        MayuConfiguration configuration, LimitedLoggers loggers, TimeProvider clock, CancellationToken cancellationToken)
    {
        ClusterBond.DemandCluster(configuration);
        var (store, id) = await OpenStoreAsync(configuration, loggers, clock, cancellationToken);
        try
        {
            ClusterBond.Tie(configuration, id, loggers.CreateLogger("Mayu.Cluster"));
            return (store, OpenKeys(configuration, clock));
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private static ApiKeys OpenKeys(MayuConfiguration configuration, TimeProvider clock)
    {
        try
        {
            return ApiKeys.Open(configuration, clock);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException || CertificateFiles.IsMalformed(e))
        {
            throw new StartException($"The keys of the API ({configuration.TlsCertificate ?? configuration.KeysDirectory}) cannot be used: {e.Message}", e);
        }
    }

    private static async Task<(IMachineStore Store, string Id)> OpenStoreAsync(
        MayuConfiguration configuration, LimitedLoggers loggers, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            var (directory, log) = (configuration.ClusterDirectory, loggers.CreateLogger<MachineStore>());
            var store = configuration.KeepsHistory
                ? await GitStore.OpenAsync(directory, new GitOptions { PushRemote = configuration.PushRemote }, clock, log, cancellationToken)
                : await PlainStore.OpenAsync(directory, new StoreOptions(), clock, log, cancellationToken);
            return (store, store.ClusterId);
        }
        catch (StoreUnavailableException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Trouble}")]
    private static partial void LogTooFewFiles(ILogger log, string trouble);
}
