using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>A refusal names each wrong field of the body (RFC 9457 §3), all that there are at once.</summary>
public sealed class FieldErrorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string, HttpStatusCode, string> Wrong => new()
    {
        // One field; several; entries of lists; what only the record and the cluster know; a key that is none.
        { "PATCH", "machines/a", """{"cabinet": "c1", "hostname": "Not A Name"}""", HttpStatusCode.BadRequest, "#/hostname" },
        {
            "PATCH", "machines/a", """{"internalAddress": "x", "bmcAddress": "y", "uuid": "z", "profile": "nope", "hostname": "-", "cabinet": "a\nb", "providerId": "c\td", "notes": "\u001b[2J"}""",
            HttpStatusCode.BadRequest, "#/internalAddress #/bmcAddress #/uuid #/profile #/hostname #/providerId #/cabinet #/notes"
        },
        { "PATCH", "machines/a", """{"macAddresses": ["52:54:00:00:00:01", "x", "y"], "metadata": ["rack=7", null]}""", HttpStatusCode.BadRequest, "#/macAddresses/1 #/macAddresses/2 #/metadata/1" },
        { "PATCH", "machines/a", """{"metadata": ["rack=7", "rack", "a,b=1"]}""", HttpStatusCode.BadRequest, "#/metadata/1 #/metadata/2" },
        { "PATCH", "machines/a", """{"internalAddress": "10.9.9.9"}""", HttpStatusCode.Conflict, "#/internalAddress" },
        { "PATCH", "machines/a", """{"colour": "red"}""", HttpStatusCode.BadRequest, "#/colour" },
        { "PATCH", "machines/a", """{"a/b~ c": 1}""", HttpStatusCode.BadRequest, "#/a~1b~0%20c" },
        { "PATCH", "machines/a", """{"metadata": ["rack=7", 7]}""", HttpStatusCode.BadRequest, "#/metadata/1" },
        { "PATCH", "machines/a", """{"enabled": "yes"}""", HttpStatusCode.BadRequest, "#/enabled" },
        { "PATCH", "machines/a", "{}", HttpStatusCode.BadRequest, "" },
        { "PATCH", "machines/a", "{", HttpStatusCode.BadRequest, "" },
        { "PUT", "machines/a/state", """{"state": "gone"}""", HttpStatusCode.BadRequest, "#/state" },
        { "PUT", "machines/a/state", """{"state": "unknown", "keepDiskData": true}""", HttpStatusCode.BadRequest, "#/keepDiskData" },
        { "PUT", "machines/a/overrides/x", "{}", HttpStatusCode.BadRequest, "#/value" },
        { "PUT", "machines/a/overrides/hostname", """{"value": "a b"}""", HttpStatusCode.BadRequest, "#/value" },
        { "PUT", "machines/a/overrides/x-y", """{"value": "1"}""", HttpStatusCode.BadRequest, "" },
        { "POST", "machines/a/rollback", """{"to": "yesterday"}""", HttpStatusCode.BadRequest, "#/to" },
        { "POST", "machines/a/conflict", """{"verdict": "maybe"}""", HttpStatusCode.BadRequest, "#/verdict" },
        { "PUT", "pins/serial:b", """{"profile": "nope", "address": "x"}""", HttpStatusCode.BadRequest, "#/address #/profile" },
        { "PUT", "pins/serial:b", """{"profile": "nope", "address": "10.9.9.9"}""", HttpStatusCode.BadRequest, "#/profile #/address" },
        { "PUT", "pins/serial:b", "{}", HttpStatusCode.BadRequest, "" },
        {
            "POST", "tokens", """{"name": "a b", "role": "king", "scope": "=", "expires": "2020-01-01T00:00:00Z"}""", HttpStatusCode.BadRequest, "#/name #/role #/scope #/expires"
        },
        { "POST", "tokens", "{}", HttpStatusCode.BadRequest, "#/name #/role" },
        { "POST", "tokens", """{"name": "a", "role": "admin", "scope": "rack=7"}""", HttpStatusCode.BadRequest, "#/scope" },
        { "POST", "machine-changes", """{"selector": "=", "change": {"internalAddress": "x", "hostname": "h"}}""", HttpStatusCode.BadRequest, "#/selector #/change/hostname #/change/internalAddress" },
        { "POST", "machine-changes", """{"selector": "", "state": {"state": "gone", "reason": "r"}}""", HttpStatusCode.BadRequest, "#/selector #/state/state #/state/reason" },
        { "POST", "machine-changes", """{"selector": "rack=7", "change": {}}""", HttpStatusCode.BadRequest, "#/change" },
        { "POST", "machine-changes", """{"selector": "rack=7", "change": {"metadata": [null]}}""", HttpStatusCode.BadRequest, "#/change/metadata/0" },
        { "POST", "machine-changes", """{"selector": "rack=7", "override": {"name": "etcd_token", "value": "x"}}""", HttpStatusCode.BadRequest, "#/override/value" },
        { "POST", "machine-changes", """{"selector": "rack=7", "change": {"profile": "nope", "cabinet": "a\nb", "metadata": ["x"]}}""", HttpStatusCode.BadRequest, "#/change/metadata/0 #/change/profile #/change/cabinet" },
        { "POST", "machine-changes", """{"selector": "rack=7", "override": {"name": "a-b", "value": "x"}}""", HttpStatusCode.BadRequest, "#/override" },
        { "POST", "machine-changes", """{"selector": "=", "state": {"state": "running"}, "delete": {}}""", HttpStatusCode.BadRequest, "#/selector #" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Each_wrong_field_is_named(string method, string path, string body, HttpStatusCode status, string pointers)
    {
        await using var server = await TestServer.StartAsync();
        await server.ConfigureAsync("a");
        var before = server.Store.Current;

        var problem = await SendAsync(server, method, path, body, status);

        Assert.Equal(pointers, string.Join(' ', ErrorsOf(problem).Select(error => (string?)error!["pointer"])));
        Assert.All(ErrorsOf(problem), error => Assert.Contains((string)error!["detail"]!, (string)problem["detail"]!, StringComparison.Ordinal));
        Assert.Equal(pointers.Length == 0, problem["errors"] is null);
        Assert.Same(before, server.Store.Current);
    }

    [Fact]
    public async Task A_reason_that_is_too_long_is_named_as_any_other_field()
    {
        await using var server = await TestServer.StartAsync();
        await server.ConfigureAsync("a");
        var reason = new string('x', 1001);

        foreach (var (method, path, body) in new[]
        {
            ("PATCH", "machines/a", new JsonObject { ["cabinet"] = "c", ["reason"] = reason }),
            ("PUT", "pins/serial:b", new JsonObject { ["profile"] = "core", ["reason"] = reason }),
            ("POST", "machine-changes", new JsonObject { ["selector"] = "serial=*", ["delete"] = new JsonObject(), ["reason"] = reason }),
        })
        {
            Assert.Equal("#/reason", (string?)Assert.Single(ErrorsOf(await SendAsync(server, method, path, body.ToJsonString(), HttpStatusCode.BadRequest)))!["pointer"]);
        }
    }

    // Its pointer would repeat a key that is as long as a body may be.
    [Fact]
    public async Task An_endless_key_has_no_pointer()
    {
        await using var server = await TestServer.StartAsync();
        await server.ConfigureAsync("a");
        Assert.Null((await SendAsync(server, "PATCH", "machines/a", $$"""{"{{new string('x', 100_000)}}": 1}""", HttpStatusCode.BadRequest))["errors"]);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_conflict_of_that_field()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        await server.RegisterAsync("b", number: 2);

        var problem = await SendAsync(server, "PATCH", "machines/a", """{"hostname": "b", "cabinet": "7"}""", HttpStatusCode.Conflict);

        Assert.Equal("#/hostname", (string?)Assert.Single(ErrorsOf(problem))!["pointer"]);
    }

    private static JsonArray ErrorsOf(JsonNode problem) => problem["errors"] as JsonArray ?? [];

    private static async Task<JsonNode> SendAsync(TestServer server, string method, string path, string body, HttpStatusCode status)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/{path}") { Content = content };
        using var answer = await server.Api.SendAsync(request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!;
    }
}
