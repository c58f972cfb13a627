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
            mad.Add(await ConnectAsync(server));
            Assert.True(await IsServedAsync(mad[i]));
        }

        using (var beyond = await ConnectAsync(server))
        {
            Assert.False(await IsServedAsync(beyond));
        }

        Assert.Contains("Mayu", await server.Boot.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        mad[0].Dispose();
        await Eventually.TrueAsync(() =>
        {
            using var again = ConnectAsync(server).GetAwaiter().GetResult();
            return IsServedAsync(again).GetAwaiter().GetResult();
        });
        mad.ForEach(socket => socket.Dispose());
    }

    // From an address of its own.
    private static async Task<Socket> ConnectAsync(TestServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(new IPAddress([127, 0, 0, 5]), 0));
        await socket.ConnectAsync(IPAddress.Loopback, server.Boot.BaseAddress!.Port, TestContext.Current.CancellationToken);
        return socket;
    }

    // It stays open when it was answered, and so keeps its place.
    private static async Task<bool> IsServedAsync(Socket socket)
    {
        try
        {
            await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
            return await socket.ReceiveAsync(new byte[100], TestContext.Current.CancellationToken) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
