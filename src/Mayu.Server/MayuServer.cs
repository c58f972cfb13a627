using System.Net.Sockets;
using Mayu.Core.Boot;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Provisioning;
using Mayu.Linux.Files;
using Mayu.Netboot.Engines;
using Mayu.Netboot.Files;
using Mayu.Netboot.Loaders;
using Mayu.Netboot.Net;
using Mayu.Netboot.Syslog;
using Mayu.Primitives;
using Mayu.Server.Api;
using Mayu.Server.Api.Status;
using Mayu.Server.Auth;
using Mayu.Server.BootHttp;
using Mayu.Server.BootScripts;
using Mayu.Server.Configuration;
using Mayu.Server.Decisions;
using Mayu.Server.EtcdDiscovery;
using Mayu.Server.Explain;
using Mayu.Server.Files;
using Mayu.Server.Http;
using Mayu.Server.Live;
using Mayu.Server.Reload;
using Mayu.Server.Secrets;
using Mayu.Server.Service;
using Mayu.Server.Watch;
using Mayu.Server.Webhooks;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Mayu.Storage.Plain;
using Microsoft.AspNetCore.Connections;

namespace Mayu.Server;

/// <summary>All that runs in the process, put together and started in order; disposing stops it in reverse.</summary>
internal sealed partial class MayuServer : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _running = [];
    private readonly LimitedLoggers _loggers;
    private IBootEngine? _engine;
    private bool _isDraining;

    private MayuServer(ApiKeys keys, IMachineStore store, ConfigurationReload reload, LimitedLoggers loggers)
    {
        _loggers = loggers;
        Reload = reload;
        Keys = keys;
        Store = store;
    }

    public ApiKeys Keys { get; }

    public IMachineStore Store { get; }

    /// <summary>Reads the configuration again.</summary>
    public ConfigurationReload Reload { get; }

    /// <summary>Starts everything.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="source">Where it was read from; a reload reads it again.</param>
    /// <param name="loggers">The log.</param>
    /// <param name="clock">The time.</param>
    /// <param name="manager">Who is told of reloads.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StartException">Something is missing or taken; nothing is left running.</exception>
    public static async Task<MayuServer> StartAsync(
        MayuConfiguration configuration, ConfigurationReader source, ILoggerFactory loggers, TimeProvider clock, ServiceManager manager, CancellationToken cancellationToken)
    {
        var limited = new LimitedLoggers(loggers, clock);
        try
        {
            return await StartAsync(configuration, source, limited, clock, manager, cancellationToken);
        }
        catch
        {
            limited.Dispose();
            throw;
        }
    }

    private static async Task<MayuServer> StartAsync(
        MayuConfiguration configuration, ConfigurationReader source, LimitedLoggers loggers, TimeProvider clock, ServiceManager manager, CancellationToken cancellationToken)
    {
        var nic = FindInterface(configuration);
        if (!SecretStore.TryOpen(configuration.Secrets, out var secrets, out var missing))
        {
            throw new StartException($"secrets: {string.Join("; ", missing)}");
        }

        if (OpenFiles.Trouble is { } tooFew)
        {
            LogTooFewFiles(loggers.CreateLogger("Mayu.OpenFiles"), tooFew);
        }

        var (store, keys) = await OpenStoreAndKeysAsync(configuration, loggers, clock, cancellationToken);
        var etcd = OpenEtcdTokens(configuration, loggers, clock);
        var live = new LiveConfiguration(ServedConfiguration.Of(configuration, secrets, etcd));
        var reload = new ConfigurationReload(live, store, source, loggers.CreateLogger("Mayu.Reload")) { Manager = manager };
        var server = new MayuServer(keys, store, reload, loggers) { Secrets = secrets };
        server._running.AddRange(etcd is null ? [store] : [store, etcd]);
        try
        {
            var boot = server.BuildBoot(live, clock);
            var renderer = new TemplateRenderer(new TemplateLibrary(TemplateFolder.Of(configuration.TemplatesDirectory), TemplateFolder.Of(configuration.SnippetsDirectory)));
            // Its ports are taken before anything is listened on, and it answers last: no machine is told to load what cannot be loaded yet.
            var engine = await server.OpenEngineAsync(nic, boot, renderer);
            await server.StartListenerAsync(
                BootListener.Build(boot, loggers), new ListenerPort("boot.port", configuration.Netboot.BootPort, [.. configuration.Netboot.BootAddresses]), cancellationToken);
            var status = new EngineStatus(engine, boot.Occupied, new NeighbourTable(clock), store) { Syslog = server.StartSyslog(boot) };
            var watch = server.StartWatch(boot);
            var webhooks = server.StartWebhooks(boot);
            await server.StartListenerAsync(
                ApiListener.Build(boot, keys, watch, new Explainer(boot, engine), status, webhooks, server.Reload, loggers), new ListenerPort("api.port", configuration.ApiPort, [configuration.ApiAddress]), cancellationToken);
            LeaveUrl(keys, configuration, loggers);
            server.Start(engine);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The secrets as they were read at the start.</summary>
    public required SecretStore Secrets { get; init; }

    /// <summary>What has ended that answers machines or operators, as a sentence; null: everything runs.</summary>
    public string? Defect() =>
        _isDraining ? null
        : _engine?.IsAlive() == false ? "A loop that answers DHCP or TFTP has ended, or hangs"
        : Listeners.Any(listener => ((BoundedSockets)listener.Services.GetRequiredService<IConnectionListenerFactory>()).HasFailed) ? "An HTTP listener accepts no connections any more"
        : null;

    /// <summary>Answers nothing new, and waits for the downloads that run.</summary>
    /// <param name="limit">For how long at most.</param>
    /// <param name="manager">Who is told what is waited for.</param>
    /// <param name="clock">The time.</param>
    /// <param name="atOnce">Waits no longer.</param>
    public async Task DrainAsync(TimeSpan limit, ServiceManager manager, TimeProvider clock, CancellationToken atOnce)
    {
        _isDraining = true;
        if (_engine is { } engine && Listeners.ToList() is [var boot, var api])
        {
            await new Drain(engine, boot, api, clock, _loggers.CreateLogger("Mayu.Drain")).RunAsync(limit, manager, atOnce);
        }
    }

    private IEnumerable<WebApplication> Listeners => _running.OfType<WebApplication>();

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
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new StartException(port.WhyNot(e), e);
        }
    }

    // What was started last is stopped first: nobody is told of a listener that is gone.
    private void Start(IBootEngine engine)
    {
        engine.Start();
        _engine = engine;
        _running.Remove(engine);
        _running.Add(engine);
    }

    private static void LeaveUrl(ApiKeys keys, MayuConfiguration configuration, LimitedLoggers loggers)
    {
        try
        {
            keys.LeaveUrl(configuration.ApiAddress, configuration.ApiPort, configuration.ApiUsesTls);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNoUrl(loggers.CreateLogger("Mayu.Api"), e.Message);
        }
    }

    private static BootInterface? FindInterface(MayuConfiguration configuration)
    {
        if (BootInterfaces.TryFind(configuration.Netboot, out var nic, out var problem)
            && (configuration.ApiAddress == default || BootInterface.IsOfThisHost(configuration.ApiAddress, "api.address", out problem)))
        {
            return nic;
        }

        throw new StartException(problem);
    }

    private BootContext BuildBoot(LiveConfiguration live, TimeProvider clock)
    {
        var configuration = live.Current.Settings;
        var (network, log) = (configuration.Netboot, _loggers.CreateLogger("Mayu.Boot"));
        var trace = new BootTrace(clock, serial => Store.Current.Find(serial) is not null);
        var decisions = new BootDecisions(Store, () => live.Current.Settings.Cluster, configuration.Identity, new Heard(), trace);
        var clients = new ClientTable(decisions, clock);
        var scripts = new ScriptRenderer(live, Store, decisions, clients);
        var tokens = new BootTokens(clock, configuration.Tokens.Lifetime);
        var issuer = new ConfigIssuer(Store, live, clock);
        var pointers = new PointerInitrds(live, Store, decisions, tokens, issuer);
        _running.Add(BootTokenFile.Open(Path.Combine(configuration.DataDirectory, "boot-tokens"), tokens, clock, log));
        return new BootContext
        {
            Live = live,
            Store = Store,
            Trace = trace,
            Decisions = decisions,
            Scripts = scripts,
            Issuer = issuer,
            Pointers = pointers,
            Files = new ServedFiles(new ScriptFiles(scripts, pointers, tokens, trace, clients, log), new FolderSource(network.TftpRoot), new LoaderPackages()),
            Assets = new ServedFiles(new FolderSource(configuration.AssetsDirectory)),
            Tokens = tokens,
            Clients = clients,
            Occupied = OpenProbe(configuration, clock),
            Clock = clock,
            Log = log,
        };
    }

    private static DiscoveryTokens? OpenEtcdTokens(MayuConfiguration configuration, LimitedLoggers loggers, TimeProvider clock) => configuration.EtcdDiscovery.IsServed
        ? DiscoveryTokens.Open(Path.Combine(configuration.DataDirectory, "etcd-discovery"), configuration.EtcdDiscovery.Size, clock, loggers.CreateLogger<DiscoveryTokens>())
        : null;

    private async Task<IBootEngine> OpenEngineAsync(BootInterface? nic, BootContext boot, TemplateRenderer renderer)
    {
        try
        {
            var engine = await BootEngine.OpenAsync(nic, new EngineParts
            {
                Settings = boot.Configuration.Netboot,
                Answers = boot.Decisions,
                Machines = boot.Decisions,
                Files = boot.Files,
                Clients = boot.Clients,
                Trace = boot.Trace,
                Renderer = renderer,
                Clock = boot.Clock,
                Logs = _loggers,
            });
            _running.Add(engine);
            return engine;
        }
        catch (EngineException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    private SyslogCounts? StartSyslog(BootContext boot)
    {
        var settings = boot.Configuration.Netboot;
        if (!settings.Syslog.IsEnabled)
        {
            return null;
        }

        var lines = new SyslogLines(
            boot.Clients, address => Store.Current.TryFindOwner(address, out var owner) ? owner.Serial : null, boot.Trace, settings.Syslog.LinesPerSecond, boot.Clock);
        try
        {
            _running.Add(SyslogListener.Start(settings.BootAddresses, settings.Syslog.Port, lines, _loggers.CreateLogger<SyslogListener>()));
        }
        catch (SocketException e)
        {
            throw new StartException(new ListenerPort("syslog.port", settings.Syslog.Port, [.. settings.BootAddresses], IsUdp: true).WhyNot(e), e);
        }

        return lines.Counts;
    }

    private BootWatch StartWatch(BootContext boot)
    {
        var watch = new BootWatch(boot.Store, boot.Trace, boot.Decisions, boot.Clock, _loggers.CreateLogger<BootWatch>());
        _running.Add(watch);
        watch.Start();
        return watch;
    }

    private WebhookService StartWebhooks(BootContext boot)
    {
        try
        {
            var webhooks = WebhookService.Open(
                boot.Configuration.Webhooks, Path.Combine(boot.Configuration.DataDirectory, "webhooks"), Secrets, (Store, boot.Trace.Events), boot.Clock, _loggers.CreateLogger<WebhookService>());
            _running.Add(webhooks);
            return webhooks;
        }
        catch (IOException e)
        {
            throw new StartException(e.Message, e);
        }
    }

    private OccupiedAddresses OpenProbe(MayuConfiguration configuration, TimeProvider clock)
    {
        var probe = configuration is { ProbesAddresses: true, Netboot.Interface: { } name } ? ArpProbe.Open(name, clock, _loggers.CreateLogger<ArpProbe>()) : null;
        if (probe is not null)
        {
            _running.Add(probe);
        }

        return new OccupiedAddresses(probe, configuration.Cluster.InternalRange, clock, _loggers.CreateLogger<OccupiedAddresses>());
    }

    // The keys come last: where there are keys, there was a cluster.
    private static async Task<(IMachineStore Store, ApiKeys Keys)> OpenStoreAndKeysAsync(
        MayuConfiguration configuration, LimitedLoggers loggers, TimeProvider clock, CancellationToken cancellationToken)
    {
        ClusterBond.DemandReadable(configuration);
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
            var remedy = e is not UnauthorizedAccessException ? "."
                : configuration.TlsCertificate is null ? $". {ClosedPath.Remedy(configuration.KeysDirectory)}"
                : $". Make it readable for the user {Environment.UserName} (chmod, chown).";
            throw new StartException($"The keys of the API ({configuration.TlsCertificate ?? configuration.KeysDirectory}) cannot be used: {e.Reason()}{remedy}", e);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "The API's URL cannot be written next to the keys, so on this host pass --server to mayuctl: {Reason}")]
    private static partial void LogNoUrl(ILogger log, string reason);
}
