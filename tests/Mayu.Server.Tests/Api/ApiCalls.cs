using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>What an operator's program sends.</summary>
internal static class ApiCalls
{
    public static async Task<JsonNode> GetAsync(this TestServer server, string path) =>
        JsonNode.Parse(await server.Api.GetStringAsync("/api/v1/" + path, TestContext.Current.CancellationToken))!;

    public static Task<HttpResponseMessage> SendAsync(this TestServer server, HttpMethod method, string path, JsonNode? body = null) =>
        server.Api.SendAsync(
            new HttpRequestMessage(method, "/api/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) },
            TestContext.Current.CancellationToken);

    /// <summary>Sends what must succeed.</summary>
    public static async Task<JsonNode> ChangeAsync(this TestServer server, HttpMethod method, string path, JsonNode? body = null)
    {
        using var answer = await server.SendAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{method} {path}: {answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>Sends what must be refused, and returns why.</summary>
    public static async Task<string> RefusedAsync(this TestServer server, HttpStatusCode expected, HttpMethod method, string path, JsonNode? body = null)
    {
        using var answer = await server.SendAsync(method, path, body);
        Assert.Equal(expected, answer.StatusCode);
        return await TestServer.DetailOf(answer);
    }

    /// <summary>A machine that is configured.</summary>
    public static async Task ConfigureAsync(this TestServer server, string serial)
    {
        await server.RegisterAsync(serial);
        await server.ChangeAsync(HttpMethod.Put, $"machines/{serial}/state", new JsonObject { ["state"] = "configured" });
    }

    /// <summary>A machine that is installing.</summary>
    public static async Task RegisterAsync(this TestServer server, string serial, int number = 1)
    {
        using var answer = await server.AskForConfigAsync(serial, number);
        Assert.True(server.Store.Current.Machines.Any(machine => machine.Serial.Text == serial), $"{serial}: {answer.StatusCode}");
    }

    /// <summary>A machine that runs.</summary>
    public static async Task RunAsync(this TestServer server, string serial, int number = 1)
    {
        await server.RegisterAsync(serial, number);
        (await server.ReportAsync(serial, "installed")).EnsureSuccessStatusCode();
        (await server.ReportAsync(serial, "boot_complete")).EnsureSuccessStatusCode();
    }
}
