using System.Net.Sockets;
using System.Text;

namespace Mayu.InfoPusher.Http;

/// <summary>One request over plain HTTP/1.1, a connection each.</summary>
/// <remarks>
/// Written by hand because .NET's HttpClient brings TLS, HTTP/2 and compression along, which would triple a program that every
/// machine downloads within its initrd, and which has no certificates there to use them with.
/// </remarks>
internal static class HttpExchange
{
    /// <summary>Asks for what is there.</summary>
    /// <exception cref="SocketException">Nobody could be reached.</exception>
    /// <exception cref="IOException">The connection broke, or ended too early.</exception>
    /// <exception cref="InvalidDataException">What answers speaks no HTTP, or too much of it.</exception>
    public static Task<HttpAnswer> GetAsync(HttpTarget target, CancellationToken cancellation) => SendAsync("GET", target, "", [], cancellation);

    /// <summary>Sends the body and reads the answer.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="json">The body.</param>
    /// <param name="token">The boot token, a bearer token (RFC 6750 §2.1); null: none.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <exception cref="SocketException">Nobody could be reached.</exception>
    /// <exception cref="IOException">The connection broke, or ended too early.</exception>
    /// <exception cref="InvalidDataException">What answers speaks no HTTP, or too much of it.</exception>
    public static Task<HttpAnswer> PostAsync(HttpTarget target, byte[] json, string? token, CancellationToken cancellation) => SendAsync(
        "POST", target, $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}", json, cancellation);

    private static async Task<HttpAnswer> SendAsync(string method, HttpTarget target, string headers, byte[] body, CancellationToken cancellation)
    {
        using var socket = new Socket(target.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(target.EndPoint, cancellation);
        await using var connection = new NetworkStream(socket, ownsSocket: false);

        var head = $"{method} {target.PathAndQuery} HTTP/1.1\r\n"
            + $"Host: {target.Authority}\r\n"
            + "User-Agent: infopusher/" + ProductVersion.Text + "\r\n"
            + "Accept: */*\r\n"
            + headers
            + "Connection: close\r\n\r\n";
        await connection.WriteAsync(Encoding.ASCII.GetBytes(head), cancellation);
        try
        {
            await connection.WriteAsync(body, cancellation);
        }
        catch (IOException)
        {
            // A server may answer with an error and close before it has read everything; its answer is still there to be read.
        }

        return await new HttpAnswerReader(connection).ReadAsync(cancellation);
    }
}
