using Mayu.Server.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Mayu.Server;

/// <summary>What both HTTP listeners begin with: Kestrel and routing, and nothing that the configuration did not ask for.</summary>
internal static class BareListener
{
    /// <summary>Begins one.</summary>
    /// <remarks>
    /// Not with the slim builder: that one reads appsettings.json and ASP.NET's variables, and so as to see the file change it watches every
    /// folder below the working directory, which is the whole system for a service that was started in <c>/</c>.
    /// </remarks>
    public static WebApplicationBuilder Begin(ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<SocketTransportOptions>(HttpLimits.Set);
        // Kestrel takes the last one first.
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => new BoundedSockets(
            new SocketTransportFactory(services.GetRequiredService<IOptions<SocketTransportOptions>>(), loggers),
            services.GetRequiredService<ListenerConnections>().MostSockets));
        return builder;
    }
}
