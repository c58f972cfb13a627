using Mayu.Server.Configuration;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Contracts = Mayu.Client.Contracts;

namespace Mayu.Server.Api;

/// <summary>The TLS listener for operators. Everything but health and metrics needs the token.</summary>
internal static class ApiListener
{
    private const int MaxConnections = 1024;

    // Who watches events and reads none is cut off.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Requests and their durations, of both listeners.
    private const string HttpMeterName = "Microsoft.AspNetCore.Hosting";

    /// <summary>Builds it; the caller starts and stops it.</summary>
    public static WebApplication Build(MayuConfiguration configuration, ApiContext api, ILoggerFactory loggers)
    {
        var builder = BareListener.Begin(loggers);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton(_ => new ListenerConnections(
            new ConnectionLimits("api", "api.max_connections_per_client", OpenFiles.Share(MaxConnections), configuration.ApiConnectionsPerClient),
            static _ => false, api.Clock, loggers));
        builder.Services.AddSingleton(_ => new ClusterMetrics(api));
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("mayu", serviceVersion: ProductVersion.Text, autoGenerateServiceInstanceId: false))
            .WithMetrics(metrics => metrics.AddMeter(ClusterMetrics.MeterName, HttpMeterName).AddPrometheusExporter());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            HttpLimits.Set(kestrel, Patience);
            kestrel.Listen(configuration.ApiAddress.ToIPAddress(), configuration.ApiPort, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.Count(kestrel.ApplicationServices.GetRequiredService<ListenerConnections>());
                listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => api.Keys.Certificate.Current);
            });
        });
        var app = builder.Build();
        // It measures from its making on; the container ends it with the listener.
        _ = app.Services.GetRequiredService<ClusterMetrics>();
        app.Use((context, next) => RequestGuard.RunAsync(context, next, api.Log));
        app.Use((context, next) => AuthorizeAsync(context, next, api));
        app.MapGet("/healthz", context => context.Response.WriteAsync("ok\n", context.RequestAborted));
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapGet("/readyz", context => ReadyEndpoint.AnswerAsync(context, api));
        app.MapGet("/api/v1/version", context => ApiContext.AnswerAsync(
            context, new Contracts.VersionInfo { Version = ProductVersion.Text }, Contracts.ApiJsonContext.Default.VersionInfo));
        MachineEndpoints.Map(app, api);
        MachineChangeEndpoints.Map(app, api);
        TraceEndpoints.Map(app, api);
        EventStream.Map(app, api);
        ExplainEndpoint.Map(app, api);
        PinEndpoints.Map(app, api);
        PlanEndpoints.Map(app, api);
        HistoryEndpoint.Map(app, api);
        return app;
    }

    // A connection that has no token is worth no more while it is answered: what it may ask for takes no time.
    private static Task AuthorizeAsync(HttpContext context, RequestDelegate next, ApiContext api)
    {
        var connection = ClientConnection.Of(context);
        connection.Asked();
        if (api.Keys.Operator.Matches(context.Request.Headers.Authorization))
        {
            return connection.AnswerAsync(() => next(context), isOperator: true);
        }

        if (context.Request.Path.Value is "/healthz" or "/readyz" or "/metrics")
        {
            return next(context);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(context, StatusCodes.Status401Unauthorized, "The token is missing or wrong",
            "Send it as \"Authorization: Bearer …\". Where it is, the server says as it starts.");
    }
}
