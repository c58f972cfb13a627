using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Mayu.Hostile.Tests;

/// <summary>A TCP client that says what a test has it say, from an address of 127.0.0.0/8 that stands for a host of its own.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private RawClient()
    {
    }

    public Stream Stream { get; private set; } = Stream.Null;

    /// <summary>The <paramref name="number"/>th host: 127.1.0.1 and so on.</summary>
    public static IPAddress Host(int number) => new([127, 1, (byte)(number >> 8), (byte)(number | 1 << 8)]);

    /// <summary>Connects.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="from">From which address.</param>
    /// <param name="receiveBuffer">Bytes that its system takes before it reads; 0: the usual.</param>
    public static async Task<RawClient> ConnectAsync(Uri server, IPAddress from, int receiveBuffer = 0)
    {
        var client = new RawClient();
        if (receiveBuffer > 0)
        {
            client._socket.ReceiveBufferSize = receiveBuffer;
        }

        client._socket.Bind(new IPEndPoint(from, 0));
        await client._socket.ConnectAsync(IPAddress.Loopback, server.Port, TestContext.Current.CancellationToken);
        client.Stream = new NetworkStream(client._socket);
        return client;
    }

    /// <summary>Connects many, so many of each host in turn.</summary>
    public static async Task<List<RawClient>> ConnectAsync(Uri server, int hosts, int ofEach, int receiveBuffer = 0)
    {
        var clients = new List<RawClient>();
        for (var i = 0; i < hosts * ofEach; i++)
        {
            clients.Add(await ConnectAsync(server, Host(i % hosts), receiveBuffer));
        }

        return clients;
    }

    /// <summary>Goes on with TLS, and believes whatever certificate comes.</summary>
    public async Task StartTlsAsync(params string[] protocols)
    {
        var tls = new SslStream(Stream, leaveInnerStreamOpen: false);
        Stream = tls;
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                ApplicationProtocols = [.. protocols.Select(protocol => new SslApplicationProtocol(protocol))],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            },
            TestContext.Current.CancellationToken);
    }

    public Task SendAsync(string text) => Stream.WriteAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken).AsTask();

    /// <summary>What comes until the server closes, or a minute has passed.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (await ReadAsync(buffer) is > 0 and var count)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return text.ToString();
    }

    /// <summary>The first bytes of an answer; empty where the connection was closed instead.</summary>
    public async Task<string> ReadSomeAsync()
    {
        var buffer = new byte[4096];
        return Encoding.Latin1.GetString(buffer, 0, await ReadAsync(buffer));
    }

    /// <summary>Sends a piece every second until the server has closed.</summary>
    /// <returns>Whether it did before all pieces were sent.</returns>
    public async Task<bool> DripAsync(IEnumerable<byte[]> pieces)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var reading = IsClosedAsync();
        foreach (var piece in pieces)
        {
            try
            {
                await Stream.WriteAsync(piece, ended.Token);
            }
            catch (IOException)
            {
                return true;
            }

            if (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1), ended.Token)) == reading)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads until the server closes; false after a minute.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            await ReadToEndAsync();
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        Stream.Dispose();
    }

    private async Task<int> ReadAsync(byte[] buffer)
    {
        try
        {
            return await Stream.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
