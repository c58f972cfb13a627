using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Mayu.Server.Tests.Http;

/// <summary>A connection to a listener that sends what a test has it send.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _client = new() { NoDelay = true };
    private Stream _stream = Stream.Null;

    private RawConnection()
    {
    }

    /// <summary>The port at this end.</summary>
    public int Port => ((IPEndPoint)_client.Client.LocalEndPoint!).Port;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Connects, with TLS where the listener has it, and believes whatever certificate comes.</summary>
    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(server.Host, server.Port, Cancel);
        connection._stream = connection._client.GetStream();
        if (server.Scheme == "https")
        {
            var tls = new SslStream(connection._stream);
            connection._stream = tls;
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "localhost", RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null }, Cancel);
        }

        return connection;
    }

    /// <summary>Sends bytes; false where the server does not take them any more.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes, Cancel);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public Task<bool> TrySendAsync(string text) => TrySendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>What comes until the server closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        try
        {
            while (await _stream.ReadAsync(buffer, Cancel).AsTask().WaitAsync(Patience, Cancel) is > 0 and var count)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // Closed while something was still on its way to it.
        }

        return text.ToString();
    }

    /// <summary>Ends it, as a power cut does or in order.</summary>
    public void Cut(bool inOrder)
    {
        if (!inOrder)
        {
            _client.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        Dispose();
    }

    public void Dispose()
    {
        _client.Client?.Dispose();
        _stream.Dispose();
        _client.Dispose();
    }
}
