using Mayu.Client.Contracts;
using Mayu.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Server.Tests.Http;

/// <summary>A request line that names scheme and host, as a client of a proxy sends it (RFC 9112 §3.2.2).</summary>
public sealed class AbsoluteTargetTests
{
    [Theory]
    [InlineData("GET http://y:81/a%2Fb?c=http://z/d HTTP/1.1\r\nHost: x", "y:81 /a%2Fb")]
    [InlineData("GET https://y/a HTTP/1.1\r\nHost: x:80", "y /a")]
    [InlineData("GET http://y HTTP/1.1\r\nHost: x", "y /")]
    [InlineData("GET /a?b=http://y/z HTTP/1.1\r\nHost: x", "x /a")]
    public async Task The_host_of_the_request_line_beats_the_header(string head, string expected)
    {
        var builder = BareListener.Begin(ApiJsonContext.Default, NullLoggerFactory.Instance);
        builder.Services.AddSingleton(new ListenerConnections(new ConnectionLimits("test", "test", 10, 10), static _ => false, TimeProvider.System, NullLoggerFactory.Instance));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            HttpLimits.Set(kestrel, TimeSpan.FromMinutes(1));
            kestrel.Listen(System.Net.IPAddress.Loopback, 0);
        });
        await using var app = builder.Build();
        app.Run(context => new TextAnswer($"{context.Request.Host} {PathSegment.RawPath(context)}").ExecuteAsync(context));
        await app.StartAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith($"\r\n{expected}", await AnswerAsync(new Uri(app.Urls.First()), head), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://y/loaders/own.efi", "MZ: loader")]
    [InlineData("http://y/images/vmlinuz", "kernel")]
    [InlineData("http://y/serial?serial=a", "a\n")]
    [InlineData("http://y/", "Mayu: this port is for booting machines; operators use the API.\n")]
    public async Task A_path_behind_a_host_is_the_same_path(string target, string expected)
    {
        await using var walk = await RouteWalk.StartAsync();
        var answer = await AnswerAsync(walk.Server.Boot.BaseAddress!, $"GET {target} HTTP/1.1\r\nHost: x");
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.EndsWith($"\r\n\r\n{expected}", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example", "127.0.0.1", "421")]
    [InlineData("127.0.0.1", "evil.example", "200")]
    public async Task A_host_that_is_not_this_servers_is_refused_by_the_request_line_and_not_by_the_header(string target, string header, string status)
    {
        await using var walk = await RouteWalk.StartAsync();
        var server = walk.Server.Api.BaseAddress!;

        var answer = await AnswerAsync(
            server, $"GET {server.Scheme}://{target}/api/v1/version HTTP/1.1\r\nHost: {header}\r\nAuthorization: {walk.Server.Api.DefaultRequestHeaders.Authorization}");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    private static async Task<string> AnswerAsync(Uri server, string head)
    {
        using var connection = await RawConnection.OpenAsync(server);
        await connection.TrySendAsync(head + "\r\nConnection: close\r\n\r\n");
        return await connection.ReadToEndAsync();
    }
}
