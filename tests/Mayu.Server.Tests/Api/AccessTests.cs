using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mayu.Netboot.Tests;
using Mayu.Server.Access;
using Mayu.Server.Auth;
using Mayu.Server.Tests.BootHttp;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Mayu.Server.Tests.Api;

/// <summary>Who may ask what: every route of the API, with every kind of token and none.</summary>
public sealed class AccessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_lets_in_its_role_and_those_above_it_and_nobody_else()
    {
        await using var server = await TestServer.StartAsync();
        await server.AskForConfigAsync("a");
        var expired = await CreateAsync(server, "expired", "admin", expires: TimeProvider.System.GetUtcNow().AddMilliseconds(300));
        var revoked = await CreateAsync(server, "revoked", "admin");
        (await server.Api.DeleteAsync(new Uri("/api/v1/tokens/revoked", UriKind.Relative), Token)).EnsureSuccessStatusCode();
        var machine = BootTokenServerTests.TokenIn(await server.Boot.GetStringAsync("/ipxebootscript?serial=b&mac=52-54-00-00-00-02", Token));
        var roles = new Dictionary<Role, string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            roles[role] = await CreateAsync(server, $"a-{role}", role.ToString().ToLowerInvariant());
        }

        await Task.Delay(400, Token);
        var routes = Routes(server).ToList();
        Assert.True(routes.Count > 25, $"{routes.Count} routes");
        foreach (var (method, path, least, isLegacy) in routes)
        {
            foreach (var token in new[] { null, "", "wrong", machine, expired, revoked, roles[Role.Admin] + "0", roles[Role.Admin].ToUpperInvariant() })
            {
                var status = await StatusAsync(server, method, path, token);
                // A header without a token is none: an old client is told where it may ask from, once no more than a few asked.
                Assert.True(least is null ? (int)status < 400 : (isLegacy && string.IsNullOrEmpty(token) && status == HttpStatusCode.Forbidden) || status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests, $"{method} {path} with {token ?? "no token"}: {status}");
            }

            foreach (var (role, token) in roles)
            {
                var status = await StatusAsync(server, method, path, token);
                Assert.True((status == HttpStatusCode.Forbidden) == (role < least), $"{method} {path} as {role}: {status}");
                Assert.True(status is not (HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests), $"{method} {path} as {role}: {status}");
            }

            if (least is not null)
            {
                Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, method, path, roles[Role.Admin], ("Origin", "https://evil.example")));
                Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(server, method, path, roles[Role.Admin], ("Origin", "null")));
                Assert.Equal(HttpStatusCode.MisdirectedRequest, await StatusAsync(server, method, path, roles[Role.Admin], ("Host", "evil.example")));
            }
        }

        Assert.NotNull(server.Store.Current.Machines.SingleOrDefault(one => one.Serial.Text == "a"));
    }

    [Fact]
    public async Task The_certificates_names_and_addresses_and_the_apis_own_origin_are_answered()
    {
        await using var server = await TestServer.StartAsync();
        var own = server.Api.DefaultRequestHeaders.Authorization!.Parameter;
        foreach (var host in new[] { "mayu", "localhost", "127.0.0.1:1", "[::1]", "10.9.9.9" })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, HttpMethod.Get, "/api/v1/version", own, ("Host", host)));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(server, HttpMethod.Get, "/api/v1/version", own, ("Host", host), ("Origin", $"https://{host}")));
        }
    }

    [Fact]
    public async Task A_refusal_is_logged_with_who_what_and_why_and_without_the_token()
    {
        using var lines = new LogLines();
        using var logs = LoggerFactory.Create(logging => ServeCommand.Filter(logging, verbose: false).AddProvider(lines));
        await using var server = await TestServer.StartAsync(logs: logs);
        var (own, viewer) = (server.Api.DefaultRequestHeaders.Authorization!.Parameter, await CreateAsync(server, "watcher", "viewer"));
        const string Wrong = "wr0ng-t0ken-of-a-stranger";

        await StatusAsync(server, HttpMethod.Get, "/api/v1/machines", Wrong);
        await StatusAsync(server, HttpMethod.Get, "/api/v1/leases", token: null);
        await StatusAsync(server, HttpMethod.Delete, "/api/v1/machines/a", viewer);
        await StatusAsync(server, HttpMethod.Get, "/api/v1/version", own, ("Origin", "https://evil.example"));
        await StatusAsync(server, HttpMethod.Get, "/api/v1/version", own, ("Host", "evil.example"));

        var told = lines.All.Where(line => line.Text.Contains(" was refused: ", StringComparison.Ordinal)).ToList();
        Assert.All(told, line => Assert.Equal(LogLevel.Warning, line.Level));
        Assert.Collection(
            told.Select(line => line.Text),
            text => Assert.Equal("GET /api/v1/machines of 127.0.0.1 was refused: its token is unknown, revoked or expired", text),
            text => Assert.Equal("GET /api/v1/leases of 127.0.0.1 was refused: it has no token", text),
            text => Assert.StartsWith("DELETE /api/v1/machines/a of 127.0.0.1 was refused: the token watcher: The token watcher has the role viewer", text, StringComparison.Ordinal),
            text => Assert.Contains("another site (Origin)", text, StringComparison.Ordinal),
            text => Assert.Contains("is not for the host name", text, StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Texts, text => new[] { Wrong, viewer, own }.Any(token => text.Contains(token!, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData("-a")]
    [InlineData("_a_")]
    [InlineData("a b")]
    [InlineData("mayu.example")]
    [InlineData("xn--")]
    [InlineData("*")]
    public async Task A_host_name_that_is_none_is_refused_as_one_of_another_server_is(string host)
    {
        await using var server = await TestServer.StartAsync();
        var status = await StatusAsync(server, HttpMethod.Get, "/api/v1/version", server.Api.DefaultRequestHeaders.Authorization!.Parameter, ("Host", host));
        // The web server's own answer to what no Host header can be.
        Assert.True(status is HttpStatusCode.MisdirectedRequest or HttpStatusCode.BadRequest, $"{status}");
    }

    [Fact]
    public async Task A_tokens_changes_stand_in_the_history_under_its_name()
    {
        await using var server = await TestServer.StartAsync();
        await server.AskForConfigAsync("a");
        using var client = ClientOf(server, await CreateAsync(server, "ci@rack7", "operator"));
        (await client.PatchAsJsonAsync("/api/v1/machines/a", new JsonObject { ["cabinet"] = "7" }, Token)).EnsureSuccessStatusCode();

        var changes = JsonNode.Parse(await client.GetStringAsync("/api/v1/history?serial=a&who=ci%40rack7", Token))!["items"]!.AsArray();
        Assert.Equal("ci@rack7", (string?)Assert.Single(changes)!["who"]);
    }

    [Fact]
    public async Task A_scope_holds_for_the_machine_before_the_change_and_after_it_and_for_nothing_else()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: core, quantity: 4}]");
        foreach (var (serial, rack, number) in new[] { ("a", 7, 1), ("b", 8, 2) })
        {
            await server.AskForConfigAsync(serial, number);
            (await server.Api.PatchAsJsonAsync($"/api/v1/machines/{serial}", new JsonObject { ["metadata"] = new JsonArray($"rack={rack}") }, Token)).EnsureSuccessStatusCode();
        }

        using var client = ClientOf(server, await CreateAsync(server, "rack7", "operator", "rack=7"));
        Assert.Equal(HttpStatusCode.OK, await PatchAsync("a", new JsonObject { ["cabinet"] = "1" }));
        Assert.Equal(HttpStatusCode.Forbidden, await PatchAsync("b", new JsonObject { ["cabinet"] = "1" }));
        Assert.Equal(HttpStatusCode.Forbidden, await PatchAsync("a", new JsonObject { ["metadata"] = new JsonArray("rack=8") }));
        Assert.Equal(HttpStatusCode.Forbidden, await PatchAsync("b", new JsonObject { ["metadata"] = new JsonArray("rack=7") }));
        foreach (var (method, path, body) in new (HttpMethod, string, JsonObject?)[]
        {
            (HttpMethod.Delete, "machines/b?force=true", null), (HttpMethod.Put, "machines/b/state", new() { ["state"] = "configured" }), (HttpMethod.Put, "machines/b/overrides/x", new() { ["value"] = "1" }),
            (HttpMethod.Delete, "machines/b/overrides/x", null), (HttpMethod.Post, "machines/b/conflict", new() { ["verdict"] = "dismiss" }), (HttpMethod.Put, "pins/serial:c", new() { ["profile"] = "core" }),
            (HttpMethod.Delete, "pins/serial:c", null), (HttpMethod.Post, "reload", null), (HttpMethod.Post, "config-check", null),
            (HttpMethod.Post, "machines/b/rollback", new() { ["to"] = (string?)JsonNode.Parse(await server.Api.GetStringAsync("/api/v1/history?serial=b", Token))!["items"]!.AsArray()[^1]!["id"] }),
        })
        {
            using var request = new HttpRequestMessage(method, $"/api/v1/{path}") { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
            using var answer = await client.SendAsync(request, Token);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Token)}");
        }

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/api/v1/machines/b", UriKind.Relative), Token)).StatusCode);

        async Task<HttpStatusCode> PatchAsync(string serial, JsonObject change) => (await client.PatchAsJsonAsync($"/api/v1/machines/{serial}", change, Token)).StatusCode;
    }

    [Fact]
    public async Task Of_two_who_change_one_machine_at_once_the_second_is_told_so()
    {
        await using var server = await TestServer.StartAsync();
        await server.AskForConfigAsync("a");
        using var shown = await server.Api.GetAsync(new Uri("/api/v1/machines/a", UriKind.Relative), Token);
        var tag = shown.Headers.ETag!.ToString();
        // What is only seen of the machine makes no other record.
        await server.Boot.GetStringAsync("/ipxebootscript?serial=a&mac=52-54-00-00-00-01", Token);
        Assert.Equal(tag, (await server.Api.GetAsync(new Uri("/api/v1/machines/a", UriKind.Relative), Token)).Headers.ETag!.ToString());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ChangeAsync(new JsonObject { ["cabinet"] = $"c{i}" }, tag)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
        Assert.Contains("look at it again", await TestServer.DetailOf(answers.First(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed)), StringComparison.Ordinal);

        var next = answers.Single(answer => answer.StatusCode == HttpStatusCode.OK).Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await ChangeAsync(new JsonObject { ["cabinet"] = "x" }, $"W/{next}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(new JsonObject { ["cabinet"] = "x" }, $"\"other\", {next}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ChangeAsync(new JsonObject { ["cabinet"] = "y" }, "*")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await ChangeAsync(new JsonObject { ["cabinet"] = "z" }, "no tag")).StatusCode);
        Assert.Equal("y", server.Store.Current.Machines.Single().Cabinet);

        async Task<HttpResponseMessage> ChangeAsync(JsonObject change, string match)
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/machines/a") { Content = JsonContent.Create(change) };
            request.Headers.TryAddWithoutValidation("If-Match", match);
            return await server.Api.SendAsync(request, Token);
        }
    }

    internal static async Task<string> CreateAsync(TestServer server, string name, string role, string? scope = null, DateTimeOffset? expires = null)
    {
        using var answer = await server.Api.PostAsJsonAsync("/api/v1/tokens", new JsonObject { ["name"] = name, ["role"] = role, ["scope"] = scope, ["expires"] = expires }, Token);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Token));
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Token))!["token"]!;
    }

    internal static HttpClient ClientOf(TestServer server, string token)
    {
        var client = server.NewApiClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static IEnumerable<(HttpMethod Method, string Path, Role? Least, bool IsLegacy)> Routes(TestServer server) =>
        from endpoint in server.ApiEndpoints
        let role = endpoint.Metadata.GetMetadata<RouteRole>() ?? throw new InvalidOperationException($"{endpoint.RoutePattern.RawText} is nobody's")
        from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select (new HttpMethod(method), Regex.Replace(endpoint.RoutePattern.RawText!, "{[^}]*}", "none", RegexOptions.None, TimeSpan.FromSeconds(1)), role.Least, role.TakesLegacyClients);

    internal static async Task<HttpStatusCode> StatusAsync(TestServer server, HttpMethod method, string path, string? token, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get && method != HttpMethod.Head)
        {
            request.Content = new StringContent("[]", Encoding.UTF8, "application/json");
        }

        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        // It asks under names that no certificate has.
        using var client = server.NewNamelessClient();
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        return answer.StatusCode;
    }
}
