using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mayu.Client.Tests;

/// <summary>A server without TLS: it needs no CA, and gets the token where one is meant to be sent. And one that is taken for such, or for one with TLS.</summary>
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

    [Fact]
    public async Task A_server_that_speaks_TLS_is_told_from_one_that_is_away()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = AnswerAsync(listener, [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]);

        var failure = await FailureOfAsync("http", listener);

        Assert.Equal((ApiFailureKind.Unreachable, "does the API there use TLS, as it does by default? Then the URL begins with https://"), (failure.Kind, failure.Advice));
        Assert.EndsWith(" did not answer as HTTP does", failure.Title, StringComparison.Ordinal);
        await asked;
    }

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_told_from_one_that_is_away()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = AnswerAsync(listener, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

        var failure = await FailureOfAsync("https", listener);

        Assert.EndsWith("If api.tls is false there, the URL begins with http://", failure.Advice, StringComparison.Ordinal);
        await asked;
    }

    private static async Task<ApiFailure> FailureOfAsync(string scheme, TcpListener listener)
    {
        var options = new MayuClientOptions { Server = $"{scheme}://{listener.LocalEndpoint}", IsAnonymous = true, CaFile = MayuClientOptions.SystemAuthorities, Tries = 1 };
        using var client = (await MayuClient.OpenAsync(options, TestContext.Current.CancellationToken)).Value!;
        return (await client.GetVersionAsync(TestContext.Current.CancellationToken)).Failure!;
    }

    private static Task<string> AnswerAsync(TcpListener listener)
    {
        const string Body = """{"version":"1.2.3"}""";
        return AnswerAsync(listener, Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n\r\n{Body}"));
    }

    private static async Task<string> AnswerAsync(TcpListener listener, byte[] answer)
    {
        using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[8192];
        var length = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        await socket.SendAsync(answer, TestContext.Current.CancellationToken);
        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
