using Mayu.Server.Access;
using Mayu.Server.Api.Description;
using Mayu.Server.Api.Doctor;
using Mayu.Server.Api.Events;
using Mayu.Server.Api.Idempotency;
using Mayu.Server.Api.Inventory;
using Mayu.Server.Api.Legacy;
using Mayu.Server.Api.Machines;
using Mayu.Server.Api.Machines.Bulk;
using Mayu.Server.Api.Status;
using Mayu.Server.Auth;
using Mayu.Server.BootHttp;
using Mayu.Server.Configuration;
using Mayu.Server.Explain;
using Mayu.Server.Http;
using Mayu.Server.Live;
using Mayu.Server.Reload;
using Mayu.Server.Watch;
using Mayu.Server.Webhooks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>
/// The listener for operators, with TLS unless the configuration says otherwise. Everything but health, metrics and the description of the API needs a token, and
/// each route says of which role.
/// </summary>
internal static class ApiListener
{
    private const int MaxConnections = 1024;

    // Who watches events and reads none is cut off.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Requests and their durations, of both listeners.
    private const string HttpMeterName = "Microsoft.AspNetCore.Hosting";

    /// <summary>Builds it; the caller starts and stops it.</summary>
    public static WebApplication Build(BootContext boot, ApiKeys keys, BootWatch watch, Explainer explainer, EngineStatus engine, WebhookService webhooks, ConfigurationReload reload, ILoggerFactory loggers)
    {
        var configuration = boot.Configuration;
        var log = loggers.CreateLogger("Mayu.Api");
        var callers = new Callers(keys, () => boot.Live.Newest.Settings.Access, boot.Clock);
        var access = new ApiAccess(keys, callers, () => boot.Live.Newest.Settings.Access, boot.Clock, log);
        var builder = BareListener.Begin(Contracts.ApiJsonContext.Default, loggers);
        // The container ends it with the listener.
        builder.Services.AddSingleton(_ => callers);
        builder.Services.AddSingleton(_ => new ListenerConnections(
            new ConnectionLimits("api", "api.max_connections_per_client", OpenFiles.Share(MaxConnections), configuration.ApiConnectionsPerClient),
            static _ => false, boot.Clock, loggers));
        builder.Services.AddSingleton(_ => new ClusterMetrics(boot.Store, () => boot.Plan, watch, engine, new RefusalCounts(() => boot.Tokens.Refusals, () => access.Refusals), boot.Clock));
        builder.Services.AddSingleton(_ => new WebhookMetrics(webhooks));
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("mayu", serviceVersion: ProductVersion.Text, autoGenerateServiceInstanceId: false))
            .WithMetrics(metrics => metrics.AddMeter(ClusterMetrics.MeterName, HttpMeterName).AddPrometheusExporter());
        var directory = new MachineDirectory(boot.Store, boot.Trace, watch, boot.Decisions);
        builder.Services.AddSingleton(_ => new IdempotentRequests(boot.Clock));
        builder.Services.AddSingleton(_ => new ConfigEndpoints(boot.Store, directory, () => boot.Configuration));
        builder.Services.AddSingleton(_ => new ConfigCheckEndpoint(reload, boot.Store, boot.Clock));
        Listen(builder.WebHost, configuration, callers.Certificates);
        var app = builder.Build();
        // The container ends it with the listener.
        app.Services.GetRequiredService<ClusterMetrics>().Start();
        app.Services.GetRequiredService<WebhookMetrics>().Start();
        UseInOrder(app, access, boot, log);
        app.NameUnknown("The API has no such path. docs/api.md lists its requests.");
        app.MapPrometheusScrapingEndpoint("/metrics").ForAll().ForReading()
            .WithName("getMetrics").WithSummary("Metrics for Prometheus.").WithMetadata(ProducedText.Plain(StatusCodes.Status200OK));
        var routes = ListenerRoutes.Of(app, isStrict: true).WithIdempotencyKeys();
        MapServer(routes, app.Services);
        var remarks = new ClusterRemarks(boot.Store, () => boot.Plan, engine, keys.Certificate, boot.Live, webhooks);
        new ReadyEndpoint(remarks).Map(routes);
        new DoctorEndpoint(DoctorChecks.Of(boot, keys.Certificate, reload, remarks)).Map(routes);
        new PlanEndpoints(boot.Store, () => boot.Plan, engine, directory).Map(routes);
        new MachineEndpoints(directory, boot.Store).Map(routes);
        new TraceEndpoints(directory, boot.Store, boot.Trace, watch).Map(routes);
        MapStreams(routes, boot, directory, new EventReaders(context => access.IsAdmittedAsync(context), boot.Clock, app.Lifetime.ApplicationStopping), log);
        new ExplainEndpoint(explainer, directory, boot.Store, boot.Trace).Map(routes);
        new HistoryEndpoint(boot.Store).Map(routes);
        new ReloadEndpoint(reload).Map(routes);
        MapConfigs(routes, boot, app.Services);
        new InventoryEndpoints(boot.Store, configuration.Netboot.Network.Domain, configuration.Netboot.Network.ServerAddress, boot.Clock).Map(routes);
        MapChanges(routes, boot, directory, keys, log);
        new WebhookEndpoints(webhooks, log).Map(routes);
        return app;
    }

    // What each request goes through, from the outside in.
    private static void UseInOrder(WebApplication app, ApiAccess access, BootContext boot, ILogger log)
    {
        app.Use((context, next) => RequestGuard.RunAsync(context, next, log));
        app.Use(KeepBrowsersAway);
        app.Use(access.AdmitAsync);
        app.Use(app.Services.GetRequiredService<IdempotentRequests>().AnswerAsync);
        app.Use((context, next) => boot.Live.PinAsync(() => next(context)));
    }

    private static void MapServer(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        routes.MapGet("/healthz", () => new TextAnswer("ok\n", ProducedText.PlainType)).ForAll()
            .WithName("getHealth").WithSummary("That the server runs.").WithMetadata(ProducedText.Plain(StatusCodes.Status200OK));
        routes.MapGet("/api/v1/version", () => TypedResults.Ok(new Contracts.VersionInfo { Version = ProductVersion.Text })).For(Role.Viewer)
            .WithName("getVersion").WithSummary("The server's version.");
        new DescriptionEndpoints(() => services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()).Map(routes);
    }

    private static void MapConfigs(IEndpointRouteBuilder routes, BootContext boot, IServiceProvider services)
    {
        services.GetRequiredService<ConfigCheckEndpoint>().Map(routes);
        new ImageEndpoints(boot.Live, boot.Store).Map(routes);
        services.GetRequiredService<ConfigEndpoints>().Map(routes);
    }

    private static void MapStreams(IEndpointRouteBuilder routes, BootContext boot, MachineDirectory directory, EventReaders readers, ILogger log)
    {
        new EventStream(boot.Trace, directory, readers, new EventIds(boot.Clock), boot.Clock).Map(routes);
        new MachineStream(new MachineFeed(boot.Store, boot.Trace, boot.Clock, log), directory, readers, new EventIds(boot.Clock, "m")).Map(routes);
    }

    private static void MapChanges(IEndpointRouteBuilder routes, BootContext boot, MachineDirectory directory, ApiKeys keys, ILogger log)
    {
        var changes = new MachineChanges(boot.Store, boot.Decisions, boot.Trace, directory);
        var overrides = new OverrideChecks(() => boot.Configuration);
        new MachineChangeEndpoints(changes, directory, () => boot.Plan, overrides).Map(routes);
        new MachineChangesEndpoint(boot.Store, changes, () => boot.Plan, overrides).Map(routes);
        new LegacyEndpoints(changes, boot, overrides).Map(routes);
        new TokenEndpoints(keys.Tokens, log).Map(routes);
        new PinEndpoints(boot.Store, changes, () => boot.Plan).Map(routes);
    }

    private static void Listen(IWebHostBuilder host, MayuConfiguration configuration, ClientCertificates certificates)
    {
        host.UseKestrelHttpsConfiguration();
        host.ConfigureKestrel(kestrel =>
        {
            HttpLimits.Set(kestrel, Patience);
            kestrel.Listen(configuration.ApiAddress.ToIPAddress(), configuration.ApiPort, listen =>
            {
                // Without TLS there is nothing that a client could choose HTTP/2 by (RFC 9113 §3.3).
                listen.Protocols = configuration.ApiUsesTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
                listen.Count(kestrel.ApplicationServices.GetRequiredService<ListenerConnections>());
                if (configuration.ApiUsesTls)
                {
                    listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = handshake => ValueTask.FromResult(certificates.Begin(handshake)) });
                }
            });
        });
    }

    // No answer of the API is a page, but for /docs, which says so itself: a browser that is led to one loads nothing for it, shows it in no frame, and tells nobody its URL.
    private static Task KeepBrowsersAway(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    }
}
