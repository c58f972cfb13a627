using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mayu.Client.Tests;

/// <summary>A token never crosses a network in the clear.</summary>
public sealed class PlainHttpTests
{
    [Fact]
    public async Task Plain_http_to_another_host_carries_no_token()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = AnswerAsync(listener);
        // Another host, whose connections end here.
        var options = new MayuClientOptions
        {
            Server = "http://10.99.0.1:4080",
            Token = "s3cret",
            IsAnonymous = true,
            Connect = async (_, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(listener.LocalEndpoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var opened = await MayuClient.OpenAsync(options, TestContext.Current.CancellationToken);
        using var client = opened.Value!;

        var version = await client.GetVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal("1.2.3", version.Value?.Version);
        var request = await asked;
        Assert.StartsWith("GET /api/v1/version HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("authorization", request, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("s3cret", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_token_it_is_refused()
    {
        var opened = await MayuClient.OpenAsync(new MayuClientOptions { Server = "http://10.99.0.1:4080", Token = "s3cret" }, TestContext.Current.CancellationToken);

        Assert.Equal(ApiFailureKind.Settings, opened.Failure!.Kind);
    }

    private static async Task<string> AnswerAsync(TcpListener listener)
    {
        const string Body = """{"version":"1.2.3"}""";
        using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[8192];
        var length = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}"),
            TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
