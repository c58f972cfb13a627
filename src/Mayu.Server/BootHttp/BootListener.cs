using Mayu.Server.BootScripts;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mayu.Server.BootHttp;

/// <summary>The plain HTTP listener for machines, on the addresses of the boot interfaces alone.</summary>
internal static class BootListener
{
    private const long MaxBody = 1024 * 1024;
    private const int MaxConnections = 4096;

    /// <summary>Builds it; the caller starts and stops it.</summary>
    public static WebApplication Build(BootContext boot, ILoggerFactory loggers)
    {
        var builder = BareListener.Begin(loggers);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBody;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestLineSize = 8 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            foreach (var address in boot.Configuration.BootAddresses)
            {
                kestrel.Listen(address.ToIPAddress(), boot.Configuration.BootPort, listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        var app = builder.Build();
        app.Use((context, next) => RequestGuard.RunAsync(context, next, boot.Log));
        app.MapGet("/", context => context.Response.WriteAsync("Mayu: this is where machines boot from; operators use the API.\n", context.RequestAborted));
        BootScriptEndpoint.Map(app, boot);
        LoaderEndpoint.Map(app, boot);
        FirstStageEndpoint.Map(app, boot);
        ProvisioningEndpoint.Map(app, boot);
        InstallPlanEndpoint.Map(app, boot);
        ImageEndpoint.Map(app, boot);
        CallbackEndpoints.Map(app, boot);
        return app;
    }
}
