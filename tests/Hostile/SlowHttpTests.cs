using System.Net;
using System.Text;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Hostile.Tests;

/// <summary>Connections that say nothing, or a byte now and then: how long they last.</summary>
public sealed class SlowHttpTests
{
    private static readonly IPAddress Stranger = new([127, 0, 0, 9]);

    // Twice as long as is allowed: the machine may be busy. Before, they lasted more than two minutes.
    private const int Seconds = 30;

    [Theory]
    [InlineData(false, false, "")]
    [InlineData(true, false, "")]
    [InlineData(false, false, "GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: a very long name, a letter at a time\r\n")]
    [InlineData(true, false, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003 and so on, as long as it takes")]
    [InlineData(true, true, "")]
    [InlineData(true, true, "GET /healthz HTTP/1.1\r\nHost: x\r\nUser-Agent: a very long name, a letter at a time\r\n")]
    public async Task A_connection_without_a_whole_request_ends(bool isApi, bool hasTls, string text)
    {
        await using var server = await TestServer.StartAsync();
        using var client = await RawClient.ConnectAsync((isApi ? server.Api : server.Boot).BaseAddress!, Stranger);
        if (hasTls)
        {
            await client.StartTlsAsync("http/1.1");
        }

        var pieces = Encoding.Latin1.GetBytes(text).Select(one => new[] { one });
        Assert.True(await client.DripAsync(pieces.Concat(Enumerable.Repeat(Array.Empty<byte>(), Seconds)).Take(Seconds)));
    }

    [Fact]
    public async Task An_HTTP_2_connection_without_a_request_ends()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.Api.BaseAddress!, Stranger);
        await client.StartTlsAsync("h2");
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0");
        // PING (RFC 9113 §6.7), again and again.
        var ping = Encoding.Latin1.GetBytes("\0\0\u0008\u0006\0\0\0\0\0pingpong");
        Assert.True(await client.DripAsync(Enumerable.Repeat(ping, Seconds)));
    }

    [Fact]
    public async Task A_body_that_comes_slowly_ends()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.Boot.BaseAddress!, Stranger);
        await client.SendAsync("POST /provisioning-config HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{");
        Assert.True(await client.DripAsync(Enumerable.Repeat(new byte[300].Select(_ => (byte)' ').ToArray(), Seconds)));
    }

    [Fact]
    public async Task Who_takes_8_requests_over_HTTP_2_and_reads_no_answer_is_cut_off()
    {
        await using var server = await TestServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server.Api.BaseAddress!, Stranger);
        await client.StartTlsAsync("h2");
        // SETTINGS_INITIAL_WINDOW_SIZE 0 (RFC 9113 §6.5.2): no byte of a body may come. Then GET /metrics, the head in HPACK without its table.
        var requests = Enumerable.Range(0, 8).Select(i => $"\0\0\u000f\u0001\u0005\0\0\0{(char)((2 * i) + 1)}\u0082\u0087\u0004\u0008/metrics\u0001\u0001x");
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\u0006\u0004\0\0\0\0\0\0\u0004\0\0\0\0" + string.Concat(requests));
        Assert.True(await client.IsClosedAsync());
    }
}
