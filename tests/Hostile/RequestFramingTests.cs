using System.Net;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Hostile.Tests;

/// <summary>Requests whose framing two parsers could read in two ways (RFC 9110 §8.6, RFC 9112 §6), and what every answer tells a browser.</summary>
public sealed class RequestFramingTests
{
    [Theory]
    [InlineData("Content-Length: +2", 400)]
    [InlineData("Content-Length: -2", 400)]
    [InlineData("Content-Length: 2, 2", 400)]
    [InlineData("Content-Length: 2\r\nContent-Length: 2", 400)]
    [InlineData("Content-Length: 0x2", 400)]
    [InlineData("Content-Length: 2 2", 400)]
    [InlineData("Content-Length:", 400)]
    [InlineData("Content-Length: 99999999999999999999", 400)]
    [InlineData("Content-Length: 99999999999999999999999999999999999999999999", 400)]
    [InlineData("Content-Length: 0000000000000000000000000000000000000000002", 400)]
    [InlineData("Content-Length : 2", 400)]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: chunked", 400)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 2", 400)]
    [InlineData("Transfer-Encoding: chunked, identity", 400)]
    [InlineData("Transfer-Encoding: xchunked", 400)]
    [InlineData("Transfer-Encoding: identity", 400)]
    [InlineData("Host: y\r\nContent-Length: 2", 400)]
    [InlineData(" Content-Length: 2", 400)]
    [InlineData("Content-Length: 2", 202)]
    [InlineData("Content-Length: 002", 202)]
    [InlineData("content-length:\t2 ", 202)]
    public async Task A_body_has_one_length_in_digits(string headers, int expected)
    {
        await using var server = await TestServer.StartAsync();
        (await server.AskForConfigAsync("a")).EnsureSuccessStatusCode();
        using var boot = await RawClient.ConnectAsync(server.Boot.BaseAddress!, IPAddress.Loopback);
        await boot.SendAsync($"POST /callbacks/a/installed HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: close\r\n{headers}\r\n\r\n{{}}");
        Assert.StartsWith($"HTTP/1.1 {expected} ", await boot.ReadToEndAsync(), StringComparison.Ordinal);

        using var api = await RawClient.ConnectAsync(server.Api.BaseAddress!, IPAddress.Loopback);
        await api.StartTlsAsync("http/1.1");
        await api.SendAsync(
            $"PUT /api/v1/machines/a/enabled HTTP/1.1\r\nHost: mayu\r\nContent-Type: application/json\r\nConnection: close\r\n{headers}\r\n\r\n{{}}");
        // Without a token; what is malformed is refused before that is looked at.
        Assert.StartsWith($"HTTP/1.1 {(expected == 400 ? 400 : 401)} ", await api.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("GET http://y/ HTTP/1.1")]
    [InlineData("GET http://y/ HTTP/1.1\r\nHost: x\r\nHost: y")]
    [InlineData("GET http://y/ HTTP/1.1\r\nHost: x y")]
    [InlineData("GET http://y y/ HTTP/1.1\r\nHost: x")]
    [InlineData("GET http:///x HTTP/1.1\r\nHost: x")]
    [InlineData("GET y/ HTTP/1.1\r\nHost: x")]
    [InlineData("GET / HTTP/1.1\r\nHost: x y")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nHost: x")]
    [InlineData("GET  / HTTP/1.1\r\nHost: x")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nA\u0000B: c")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nA: c\rB: d")]
    public async Task A_request_names_one_host_and_one_target(string head)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.Boot.BaseAddress!, IPAddress.Loopback);
        await client.SendAsync(head + "\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    // RFC 9112 §3.2.2.
    [Fact]
    public async Task A_host_in_the_target_beats_the_header()
    {
        await using var server = await TestServer.StartAsync();
        using var boot = await RawClient.ConnectAsync(server.Boot.BaseAddress!, IPAddress.Loopback);
        await boot.SendAsync("GET http://y/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await boot.ReadToEndAsync(), StringComparison.Ordinal);

        using var api = await RawClient.ConnectAsync(server.Api.BaseAddress!, IPAddress.Loopback);
        await api.StartTlsAsync("http/1.1");
        await api.SendAsync("GET https://y/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await api.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heads_have_a_limit()
    {
        await using var server = await TestServer.StartAsync();
        (string Head, int Status)[] heads =
        [
            ($"GET /?{new string('a', 9000)} HTTP/1.1\r\nHost: x", 414),
            ($"GET / HTTP/1.1\r\nHost: x\r\nA: {new string('a', 40000)}", 431),
            ($"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Repeat("A: b\r\n", 200))}C: d", 431),
        ];
        foreach (var (head, status) in heads)
        {
            using var boot = await RawClient.ConnectAsync(server.Boot.BaseAddress!, IPAddress.Loopback);
            await boot.SendAsync(head + "\r\n\r\n");
            Assert.StartsWith($"HTTP/1.1 {status} ", await boot.ReadToEndAsync(), StringComparison.Ordinal);
            using var api = await RawClient.ConnectAsync(server.Api.BaseAddress!, IPAddress.Loopback);
            await api.StartTlsAsync("http/1.1");
            await api.SendAsync(head + "\r\n\r\n");
            Assert.StartsWith($"HTTP/1.1 {status} ", await api.ReadToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_answer_says_that_its_type_is_meant_and_is_kept_by_nobody()
    {
        await using var server = await TestServer.StartAsync();
        (HttpClient Client, string Path, string Cache)[] asked =
        [
            (server.Api, "/healthz", "no-store"),
            (server.Api, "/metrics", "no-store"),
            (server.Api, "/api/v1/machines", "no-store"),
            (server.Api, "/nothing", "no-store"),
            (server.ApiWithoutToken, "/api/v1/machines", "no-store"),
            (server.Boot, "/", "no-store"),
            (server.Boot, "/nothing", "no-store"),
            (server.Boot, "/first-stage-script/a", "no-store"),
            (server.Boot, "/images/vmlinuz", "no-cache"),
        ];
        foreach (var (client, path, cache) in asked)
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal((path, "nosniff"), (path, Assert.Single(answer.Headers.GetValues("X-Content-Type-Options"))));
            Assert.Equal((path, cache), (path, answer.Headers.CacheControl?.ToString()));
            // Why not: ADR 27.
            Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        }
    }
}
