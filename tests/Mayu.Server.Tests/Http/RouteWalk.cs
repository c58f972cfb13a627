using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Mayu.Server.Api.Description;
using Mayu.Server.Tests.Api;
using Mayu.Server.Tests.BootHttp;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace Mayu.Server.Tests.Http;

/// <summary>A request that a listener has a route for.</summary>
/// <param name="Client">Talks with the listener, as who may.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">A path of that route, with names of what is there.</param>
/// <param name="Route">The route.</param>
internal sealed record Routed(HttpClient Client, HttpMethod Method, string Path, RouteEndpoint Route)
{
    /// <summary>The type of the body that it reads; null where it reads none as JSON.</summary>
    public Type? Body => Route.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>Every route of both listeners, of a server that has a machine, a pin, an etcd token and files.</summary>
internal sealed class RouteWalk : IAsyncDisposable
{
    public const string Machine = "a";
    public const string Pin = "mac:52:54:00:00:00:08";

    /// <summary>A profile whose machines are given a config at every boot.</summary>
    public const string Live = "profiles: [{name: core, quantity: 2, mode: live, provisioning: cloud-init}]";

    private RouteWalk(TestServer server) => Server = server;

    public TestServer Server { get; }

    public required string Token { get; init; }

    public required IReadOnlyList<Routed> Api { get; init; }

    public required IReadOnlyList<Routed> Boot { get; init; }

    public IEnumerable<Routed> All => Api.Concat(Boot);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RouteWalk> StartAsync(string more = "")
    {
        var server = await TestServer.StartAsync(more);
        await File.WriteAllTextAsync(Path.Combine(server.Folder, "tftp", "own.efi"), "MZ: loader", Cancel);
        await server.RegisterAsync(Machine);
        await server.ChangeAsync(HttpMethod.Put, $"pins/{Pin}", new JsonObject { ["profile"] = "core" });
        var token = BootTokenServerTests.TokenIn(await server.Boot.GetStringAsync($"/ipxebootscript?serial={Machine}&mac=52-54-00-00-00-01", Cancel));
        // A pointer names /boot/config.ign with the token in a header.
        server.Boot.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var made = await server.Boot.PutAsync("/etcd/new", content: null, Cancel);
        var etcd = new Uri(await made.Content.ReadAsStringAsync(Cancel)).Segments[^1];
        return new RouteWalk(server)
        {
            Token = token,
            Api = [.. Of(server.Api, server.ApiEndpoints, pattern => PathOf(pattern, token).Replace("{name}", "swap_size", StringComparison.Ordinal))],
            Boot = [.. Of(server.Boot, server.BootEndpoints, pattern => PathOf(pattern, pattern.StartsWith("/etcd", StringComparison.Ordinal) ? etcd : token))],
        };
    }

    /// <summary>Sends a request, with a body that its route takes.</summary>
    public static Task<HttpResponseMessage> SendAsync(Routed asked, HttpMethod? method = null, string query = "", string? body = null) => asked.Client.SendAsync(
        new HttpRequestMessage(method ?? asked.Method, asked.Path + query) { Content = body is null ? null : new StringContent(body) }, HttpCompletionOption.ResponseHeadersRead, Cancel);

    /// <summary>A body that its route takes.</summary>
    public static string BodyOf(Routed asked) => asked.Body?.Name switch
    {
        null => "",
        "StateChangeRequest" => """{"state": "configured"}""",
        "MachineChangeRequest" => """{"cabinet": "7"}""",
        "MachineChangesRequest" => """{"selector": "rack=7", "change": {"cabinet": "7"}}""",
        "OverrideRequest" => """{"value": "8G"}""",
        "RollbackRequest" => """{"to": "2026-01-01T00:00:00Z"}""",
        "ConflictRequest" => """{"verdict": "dismiss"}""",
        "PinRequest" => """{"profile": "core"}""",
        "ApiTokenRequest" => """{"name": "walk", "role": "viewer"}""",
        "LegacyHost" => """{"State": "configured"}""",
        "FactsReport" => """{"serial": "a", "netDevs": [{"name": "eth0", "macAddress": "52:54:00:00:00:01"}]}""",
        "ProgressReport" => """{"done": 1, "total": 2}""",
        "FailureReport" => """{"step": "disk"}""",
        "BootCompleteReport" => """{"installId": "x"}""",
        _ => ContractExamples.Of(asked.Body!).ToJsonString(),
    };

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static IEnumerable<Routed> Of(HttpClient client, IEnumerable<RouteEndpoint> routes, Func<string, string> pathOf) =>
        from route in routes
        from method in route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
        select new Routed(client, new HttpMethod(method), pathOf(route.RoutePattern.RawText!), route);

    private static string PathOf(string pattern, string token) => pattern
        .Replace("{serial}", Machine, StringComparison.Ordinal)
        .Replace("{key}", Pin, StringComparison.Ordinal)
        .Replace("{token}", token, StringComparison.Ordinal)
        .Replace("{member}", "ab", StringComparison.Ordinal)
        .Replace("{**name}", "own.efi", StringComparison.Ordinal)
        .Replace("nocloud/{name}", "nocloud/user-data", StringComparison.Ordinal);
}
