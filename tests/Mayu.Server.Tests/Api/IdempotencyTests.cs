using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>Whoever repeats a request with its key gets the first answer again, and nothing is done twice.</summary>
public sealed class IdempotencyTests
{
    private const string Key = "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_created_once_and_its_text_is_told_again_to_who_repeats_the_request()
    {
        await using var server = await TestServer.StartAsync();
        const string Body = """{"name": "ci", "role": "viewer"}""";
        var (status, first, _) = await SendAsync(server.Api, HttpMethod.Post, "tokens", Body);
        var (again, second, location) = await SendAsync(server.Api, HttpMethod.Post, "tokens", Body);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created, first, "/api/v1/tokens/ci"), (status, again, second, location));
        Assert.Single((await server.GetAsync("tokens"))["items"]!.AsArray());
        // Without the key it is another request.
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(server.Api, HttpMethod.Post, "tokens", Body, key: null)).Status);
    }

    [Fact]
    public async Task A_key_is_of_one_request()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server.Api, HttpMethod.Patch, "machines/a", """{"cabinet": "7"}""")).Status);

        foreach (var (method, path, body, match) in new[]
        {
            (HttpMethod.Patch, "machines/a", """{"cabinet": "8"}""", null), (HttpMethod.Patch, "machines/b", """{"cabinet": "7"}""", null), (HttpMethod.Put, "machines/a", """{"cabinet": "7"}""", null),
            (HttpMethod.Patch, "machines/a?x=1", """{"cabinet": "7"}""", null), (HttpMethod.Patch, "machines/a", """{"cabinet": "7"}""", (string?)"*"),
        })
        {
            var (status, text, _) = await SendAsync(server.Api, method, path, body, match: match);
            // A path that does not take the method is answered as such.
            Assert.True(status == (method == HttpMethod.Put ? HttpStatusCode.MethodNotAllowed : HttpStatusCode.UnprocessableEntity), $"{method} {path}: {status} {text}");
        }

        Assert.Equal("7", server.Store.Current.Machines.Single().Cabinet);
    }

    [Fact]
    public async Task A_change_that_is_repeated_does_not_take_back_what_was_changed_since()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        var (_, first, _) = await SendAsync(server.Api, HttpMethod.Patch, "machines/a", """{"cabinet": "7"}""");
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["cabinet"] = "8" });
        var changes = (await server.GetAsync("history"))["items"]!.AsArray().Count;

        var (status, second, _) = await SendAsync(server.Api, HttpMethod.Patch, "machines/a", """{"cabinet": "7"}""");

        Assert.Equal((HttpStatusCode.OK, first), (status, second));
        Assert.Equal("8", server.Store.Current.Machines.Single().Cabinet);
        Assert.Equal(changes, (await server.GetAsync("history"))["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Many_machines_are_changed_once()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        var asked = new JsonObject { ["selector"] = "serial=*", ["change"] = new JsonObject { ["cabinet"] = "7" } };
        asked["confirm"] = (string?)(await server.ChangeAsync(HttpMethod.Post, "machine-changes", asked))["confirm"];
        var (_, first, _) = await SendAsync(server.Api, HttpMethod.Post, "machine-changes", asked.ToJsonString());
        var (status, second, _) = await SendAsync(server.Api, HttpMethod.Post, "machine-changes", asked.ToJsonString());
        // Without a key it is 412: the machine is not as it was.
        Assert.Equal((HttpStatusCode.OK, first), (status, second));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(server.Api, HttpMethod.Post, "machine-changes", asked.ToJsonString(), key: null)).Status);
    }

    [Fact]
    public async Task A_refusal_is_not_kept_so_that_the_request_can_be_made_when_it_is_possible()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(server.Api, HttpMethod.Patch, "machines/a", """{"cabinet": "7"}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(server.Api, HttpMethod.Patch, "machines/a", "{")).Status);
        await server.RegisterAsync("a");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server.Api, HttpMethod.Patch, "machines/a", """{"cabinet": "7"}""")).Status);
    }

    [Fact]
    public async Task Of_a_hundred_who_send_one_request_at_once_one_makes_the_change()
    {
        await using var server = await TestServer.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => SendAsync(server.Api, HttpMethod.Post, "tokens", """{"name": "ci", "role": "viewer"}""")));
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.Conflict, answer.Text));
        Assert.Single(answers.Where(answer => answer.Status == HttpStatusCode.Created).Select(answer => answer.Text).Distinct());
        Assert.All(answers.Where(answer => answer.Status == HttpStatusCode.Conflict), answer => Assert.Contains("The request is being answered", answer.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_is_of_one_token_and_not_of_its_name()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        var text = await AccessTests.CreateAsync(server, "ci", "operator");
        using var first = AccessTests.ClientOf(server, text);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(first, HttpMethod.Patch, "machines/a", """{"cabinet": "7"}""")).Status);
        // Another caller may use the same one.
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server.Api, HttpMethod.Patch, "machines/a", """{"cabinet": "8"}""")).Status);

        await server.ChangeAsync(HttpMethod.Delete, "tokens/ci");
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(first, HttpMethod.Patch, "machines/a", """{"cabinet": "7"}""")).Status);
        using var second = AccessTests.ClientOf(server, await AccessTests.CreateAsync(server, "ci", "operator"));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(second, HttpMethod.Patch, "machines/a", """{"cabinet": "9"}""")).Status);
        Assert.Equal("9", server.Store.Current.Machines.Single().Cabinet);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("\"\"", false)]
    [InlineData("\"a", false)]
    [InlineData("\"a\\\"b\"", false)]
    [InlineData("a\"b", false)]
    [InlineData("\"a\tb\"", false)]
    [InlineData("a", true)]
    [InlineData("\"a b\"", true)]
    public async Task A_key_that_is_none_is_refused(string key, bool isTaken)
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.BadRequest, (await SendAsync(server.Api, HttpMethod.Patch, "machines/a", """{"cabinet": "7"}""", key)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(server.Api, HttpMethod.Patch, "machines/a", """{"cabinet": "7"}""", new string('x', 256))).Status);
    }

    // The web server's limit holds for it as for any other.
    [Fact]
    public async Task A_body_that_is_too_long_is_refused_with_a_key_too()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(server.Api, HttpMethod.Post, "tokens", new string(' ', (1 << 20) + 1))).Status);
    }

    [Fact]
    public async Task A_question_takes_no_notice_of_a_key()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("a");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server.Api, HttpMethod.Get, "machines/a", body: null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(server.Api, HttpMethod.Get, "machines", body: null)).Status);
    }

    private static async Task<(HttpStatusCode Status, string Text, string? Location)> SendAsync(HttpClient client, HttpMethod method, string path, string? body, string? key = Key, string? match = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}") { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        // A body that is refused by its length is not sent: who closes while it comes gives no answer.
        request.Headers.ExpectContinue = body?.Length > 1 << 20;
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        if (match is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", match);
        }

        using var answer = await client.SendAsync(request, Token);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token), answer.Headers.Location?.ToString());
    }
}
