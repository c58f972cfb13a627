using System.Net.Sockets;
using System.Text;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>Requests that no HTTP client would send.</summary>
public sealed class RawRequestTests
{
    [Fact]
    public async Task A_body_whose_framing_is_broken_is_a_400()
    {
        await using var server = await TestServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(server.Boot.BaseAddress!.Host, server.Boot.BaseAddress.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync("POST /provisioning-config HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var answer = new byte[12];
        await stream.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
        Assert.Equal("HTTP/1.1 400", Encoding.ASCII.GetString(answer));
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused_before_it_comes()
    {
        await using var server = await TestServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(server.Boot.BaseAddress!.Host, server.Boot.BaseAddress.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync("POST /provisioning-config HTTP/1.1\r\nHost: x\r\nContent-Length: 2097152\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var answer = new byte[12];
        await stream.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
        Assert.Equal("HTTP/1.1 413", Encoding.ASCII.GetString(answer));
    }

    [Theory]
    [InlineData("{\"NetDevs\":")]
    [InlineData("")]
    public async Task A_body_that_is_too_deep_is_a_400_of_either_listener(string begin)
    {
        await using var server = await TestServer.StartAsync();
        var body = begin + new string('[', 200_000);
        foreach (var (client, method, path) in new[]
        {
            (server.Boot, HttpMethod.Post, "/provisioning-config"), (server.Boot, HttpMethod.Post, "/callbacks/a/progress"), (server.Api, HttpMethod.Put, "/api/v1/pins/a"),
        })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var request = new HttpRequestMessage(method, path) { Content = content };
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
        }
    }
}
