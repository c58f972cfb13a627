using System.Net;
using System.Net.Sockets;

namespace Mayu.Server.Tests.BootHttp;

/// <summary>What one client that opens connections without end leaves to the others.</summary>
public sealed class ConnectionSharesTests
{
    [Fact]
    public async Task A_client_with_its_share_of_connections_gets_no_more_and_the_others_are_served()
    {
        await using var server = await TestServer.StartAsync("boot: {max_connections_per_client: 3}");
        var mad = new List<Socket>();
        for (var i = 0; i < 3; i++)
        {
            var open = await TryConnectAsync(server);
            Assert.NotNull(open);
            mad.Add(open);
        }

        Assert.Null(await TryConnectAsync(server));
        Assert.Contains("Mayu", await server.Boot.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        // The server has to hear of it first.
        mad[0].Dispose();
        Socket? again = null;
        for (var i = 0; i < 500 && again is null; i++)
        {
            again = await TryConnectAsync(server);
        }

        Assert.NotNull(again);
        again.Dispose();
        mad.ForEach(socket => socket.Dispose());
    }

    // From an address of its own. A connection that was answered stays open, and so keeps its place; of one that was not, connecting or asking may tell.
    private static async Task<Socket?> TryConnectAsync(TestServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, 5]), 0));
            await socket.ConnectAsync(IPAddress.Loopback, server.Boot.BaseAddress!.Port, TestContext.Current.CancellationToken);
            await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            if (await socket.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken) > 0)
            {
                return socket;
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown)
        {
            // Closed unheard.
        }

        socket.Dispose();
        return null;
    }
}
