using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Mayu.Server.Http;

/// <summary>What both HTTP listeners begin with: Kestrel and routing, and nothing that the configuration did not ask for.</summary>
internal static class BareListener
{
    /// <summary>Begins one.</summary>
    /// <remarks>
    /// Not with the slim builder: that one reads appsettings.json and ASP.NET's variables, and so as to see the file change it watches every
    /// folder below the working directory, which is the whole system for a service that was started in <c>/</c>.
    /// </remarks>
    public static WebApplicationBuilder Begin(JsonSerializerContext json, ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(options => Take(json, options.SerializerOptions));
        builder.WebHost.UseKestrelCore();
        // Whoever stops it says for how long the requests that run may go on.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        builder.Services.Configure<SocketTransportOptions>(HttpLimits.Set);
        // Kestrel takes the last one first.
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => new BoundedSockets(
            new SocketTransportFactory(services.GetRequiredService<IOptions<SocketTransportOptions>>(), loggers),
            services.GetRequiredService<ListenerConnections>().MostSockets));
        return builder;
    }

    // The web server has options of its own, which cannot be replaced.
    private static void Take(JsonSerializerContext json, JsonSerializerOptions options)
    {
        options.TypeInfoResolver = json;
        options.PropertyNamingPolicy = json.Options.PropertyNamingPolicy;
        options.PropertyNameCaseInsensitive = json.Options.PropertyNameCaseInsensitive;
        options.DefaultIgnoreCondition = json.Options.DefaultIgnoreCondition;
        options.NumberHandling = json.Options.NumberHandling;
        options.AllowDuplicateProperties = json.Options.AllowDuplicateProperties;
        options.Encoder = json.Options.Encoder;
    }
}
