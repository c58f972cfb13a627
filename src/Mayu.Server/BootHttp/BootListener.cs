using System.Net.Sockets;
using Mayu.Client.Contracts;
using Mayu.Server.Decisions;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Mayu.Server.BootHttp;

/// <summary>The plain HTTP listener for machines, on the addresses of the boot interfaces alone.</summary>
internal static class BootListener
{
    private const int MaxConnections = 4096;
    private const int TcpLevel = 6;
    private const int TcpLinger2 = 8;
    private const int LastFinSeconds = 2;

    // A machine that writes to a slow disk takes nothing for a while; FileAnswer looks at how fast the whole is.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Builds it; the caller starts and stops it.</summary>
    public static WebApplication Build(BootContext boot, ILoggerFactory loggers)
    {
        var builder = BareListener.Begin(BootJsonContext.Default, loggers);
        builder.Services.AddSingleton(_ => new ListenerConnections(
            new ConnectionLimits("boot", "boot.max_connections_per_client", OpenFiles.Share(MaxConnections), boot.Configuration.BootConnectionsPerClient),
            boot.IsKnown, boot.Clock, loggers));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            HttpLimits.Set(kestrel, Patience);
            foreach (var address in boot.Configuration.Netboot.BootAddresses)
            {
                kestrel.Listen(address.ToIPAddress(), boot.Configuration.Netboot.BootPort, listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    listen.Count(kestrel.ApplicationServices.GetRequiredService<ListenerConnections>());
                });
            }
        });
        var app = builder.Build();
        app.Use((context, next) => ClientConnection.Of(context).AnswerAsync(() => RequestGuard.RunAsync(context, next, boot.Log)));
        app.Use((context, next) => boot.Live.PinAsync(() => next(context)));
        app.Use(CloseAfterGrub);
        app.NameUnknown("The boot port has no such path: it is for machines that boot, and operators use the API.");
        var routes = ListenerRoutes.Of(app, isStrict: false);
        var pace = new ReportPace(boot.Clock);
        routes.MapGet("/", () => new TextAnswer("Mayu: this port is for booting machines; operators use the API.\n"));
        new BootScriptEndpoint(boot).Map(routes);
        new LoaderEndpoint(boot).Map(routes);
        new AssetEndpoint(boot).Map(routes);
        new FirstStageEndpoint(boot).Map(routes);
        var access = new BootAccess(boot);
        var issue = new ConfigIssue(boot, access);
        new ProvisioningEndpoint(
            boot, access, new Registrar(boot.Store, () => boot.Configuration.Cluster, boot.Decisions, boot.Occupied, pace, boot.Clock), issue).Map(routes);
        new BootFilesEndpoint(boot, access, issue).Map(routes);
        new IgnitionEndpoint(boot, access, issue).Map(routes);
        new InstallPlanEndpoint(boot).Map(routes);
        new ImageEndpoint(boot).Map(routes);
        new CallbackEndpoints(boot, access, pace).Map(routes);
        new EtcdDiscoveryEndpoint(boot).Map(routes);
        return app;
    }

    // GRUB asks for one file a connection, closes its window and leaves. A FIN of ours would then wait for minutes behind the closed window, and a
    // GRUB that starts again comes from the same port: its SYN is answered out of the old connection, and it gives up on HTTP after 17 s (seen
    // with 2.06). Where the file's last byte has our FIN with it, nothing is left to wait for but a FIN of GRUB's that was lost: it is sent once,
    // since nobody sends it again when the kernel runs. The kernel waits a minute for it (tcp(7), TCP_LINGER2), and answers the same way meanwhile.
    private static Task CloseAfterGrub(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.UserAgent.ToString().StartsWith("GRUB ", StringComparison.Ordinal))
        {
            context.Response.Headers.Connection = "close";
            WaitForLastFin(context);
        }

        return next(context);
    }

    private static void WaitForLastFin(HttpContext context)
    {
        try
        {
            context.Features.Get<IConnectionSocketFeature>()?.Socket.SetRawSocketOption(TcpLevel, TcpLinger2, BitConverter.GetBytes(LastFinSeconds));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection has ended already: there is nothing to wait for.
        }
    }
}
