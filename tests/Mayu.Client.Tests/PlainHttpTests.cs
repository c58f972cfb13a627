using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mayu.Client.Tests;

/// <summary>A server without TLS: it needs no CA, and gets the token where one is meant to be sent.</summary>
public sealed class PlainHttpTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task It_is_asked_with_the_token_unless_none_is_to_be_sent(bool isAnonymous, bool hasToken)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = AnswerAsync(listener);
        // Another host, whose connections end here.
        var options = new MayuClientOptions
        {
            Server = "http://10.99.0.1:4080",
            Token = "s3cret",
            IsAnonymous = isAnonymous,
            CaFile = "/nonexistent/ca.pem",
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
        Assert.Equal(hasToken, request.Contains("\r\nAuthorization: Bearer s3cret\r\n", StringComparison.Ordinal));
        Assert.Equal(hasToken, request.Contains("s3cret", StringComparison.Ordinal));
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
