using System.Net;
using System.Net.Http.Json;
using Mayu.Primitives;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Hostile.Tests;

/// <summary>Hosts that open connections and keep them: who still gets in.</summary>
public sealed class ConnectionFloodTests
{
    private const string Head = "GET /images/vmlinuz HTTP/1.1\r\nHost: x\r\n\r\n";

    [Theory]
    [InlineData(1, 1100)]
    [InlineData(200, 6)]
    [InlineData(1100, 1)]
    public async Task Whoever_holds_the_connections_of_the_API_and_says_nothing_shuts_nobody_out(int hosts, int ofEach)
    {
        await using var server = await TestServer.StartAsync();
        var silent = await RawClient.ConnectAsync(server.Api.BaseAddress!, hosts, ofEach);
        foreach (var path in (string[])["/healthz", "/readyz", "/metrics", "/api/v1/machines"])
        {
            using var answer = await server.Api.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        silent.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Nor_does_who_asks_for_health_again_and_again_without_a_token()
    {
        await using var server = await TestServer.StartAsync();
        var strangers = await RawClient.ConnectAsync(server.Api.BaseAddress!, 130, 8);
        await Parallel.ForEachAsync(strangers, TestContext.Current.CancellationToken, async (client, _) =>
        {
            try
            {
                await client.StartTlsAsync("http/1.1");
                await client.SendAsync("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
                await client.ReadSomeAsync();
            }
            catch (IOException)
            {
                // It had to give way.
            }
        });
        using var answer = await server.Api.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        strangers.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task An_operator_is_not_cut_off_by_those_who_come_after()
    {
        await using var server = await TestServer.StartAsync();
        using var asked = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        using var events = await server.Api.SendAsync(asked, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(": watching", await reader.ReadLineAsync(TestContext.Current.CancellationToken));

        var silent = await RawClient.ConnectAsync(server.Api.BaseAddress!, 1100, 1);
        (await server.AskForConfigAsync("a")).EnsureSuccessStatusCode();
        var line = "";
        while (line?.StartsWith("data: ", StringComparison.Ordinal) == false)
        {
            line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
        }

        Assert.NotNull(line);
        silent.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData(17, 256, false)]
    [InlineData(4100, 1, false)]
    [InlineData(17, 256, true)]
    public async Task Whoever_holds_the_connections_of_the_boot_listener_shuts_no_machine_out(int hosts, int ofEach, bool reads)
    {
        await using var server = await TestServer.StartAsync();
        WriteLargeKernel(server);
        var strangers = await RawClient.ConnectAsync(server.Boot.BaseAddress!, hosts, ofEach, receiveBuffer: 4096);
        if (reads)
        {
            await Parallel.ForEachAsync(strangers, TestContext.Current.CancellationToken, (client, _) => AskAsync(client));
        }

        Assert.Contains("Mayu", await server.Boot.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        strangers.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_known_machine_gets_in_where_every_connection_is_another_strangers_download()
    {
        await using var server = await TestServer.StartAsync();
        (await server.Boot.PostAsJsonAsync("/provisioning-config", TestServer.Facts("a"), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        Assert.True(MacAddress.TryParse("52:54:00:00:00:01", out var mac));
        server.Clients.Hear(Ipv4.From(IPAddress.Loopback), mac, time: null);
        WriteLargeKernel(server);
        var strangers = await RawClient.ConnectAsync(server.Boot.BaseAddress!, 4100, 1, receiveBuffer: 4096);
        await Parallel.ForEachAsync(strangers, TestContext.Current.CancellationToken, (client, _) => AskAsync(client));

        using var machine = await RawClient.ConnectAsync(server.Boot.BaseAddress!, IPAddress.Loopback);
        await machine.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", await machine.ReadSomeAsync(), StringComparison.Ordinal);
        strangers.ForEach(client => client.Dispose());
    }

    // Sparse: more than any buffer on the way takes.
    internal static void WriteLargeKernel(TestServer server)
    {
        using var file = File.Create(Path.Combine(server.Folder, "images", "discovery", "vmlinuz"));
        file.SetLength(64 << 20);
    }

    internal static async ValueTask AskAsync(RawClient client)
    {
        try
        {
            await client.SendAsync(Head);
            await client.ReadSomeAsync();
        }
        catch (IOException)
        {
            // It had to give way.
        }
    }
}
