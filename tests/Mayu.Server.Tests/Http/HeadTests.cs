using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.Api;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Http;

/// <summary>HEAD is answered wherever GET is (RFC 9110 §9.3.2), with the same head, and nothing happens by it (§9.2.1).</summary>
[Collection(nameof(MeasuringAlone))]
public sealed class HeadTests
{
    private static readonly string[] Scripts =
    [
        "/ipxebootscript?serial=a&mac=52-54-00-00-00-01", "/ipxebootscript?serial=new&mac=52-54-00-00-00-09", "/loaders/grub/grub.cfg-01-52:54:00:00:00:01",
        "/loaders/pxelinux.cfg/01-52-54-00-00-00-01", "/serial?serial=a",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", 1)]
    [InlineData("", 2)]
    [InlineData(RouteWalk.Live, 1)]
    public async Task Every_route_that_takes_GET_answers_HEAD_with_the_same_head(string more, int version)
    {
        await using var walk = await RouteWalk.StartAsync(more);
        var asked = walk.All.Where(one => one.Method == HttpMethod.Get).ToList();
        Assert.True(asked.Count >= 30, string.Join('\n', asked));
        foreach (var (client, _, path, _) in asked.Concat(Scripts.Select(path => asked[^1] with { Path = path })))
        {
            var head = await HeadAsync(client, HttpMethod.Head, path, version);
            var get = await HeadAsync(client, HttpMethod.Get, path, version);
            Assert.True(get == head, $"{path}\nGET:\n{get}\nHEAD:\n{head}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(RouteWalk.Live)]
    public async Task HEAD_changes_nothing_issues_nothing_and_leaves_no_mark(string more)
    {
        await using var walk = await RouteWalk.StartAsync(more);
        var before = StandOf(walk.Server);
        foreach (var (client, _, path, _) in walk.All.Where(one => one.Method == HttpMethod.Head).Concat(Scripts.Select(path => walk.Boot[0] with { Path = path })))
        {
            await HeadAsync(client, HttpMethod.Head, path);
            Assert.Equal((path, before), (path, StandOf(walk.Server)));
        }

        // The same questions as GET do leave marks, and take tokens.
        foreach (var path in Scripts.Append($"/boot/{walk.Token}/mayu.cpio"))
        {
            await HeadAsync(walk.Server.Boot, HttpMethod.Get, path);
        }

        var (_, events, tokens, _, _) = StandOf(walk.Server);
        Assert.True(events > before.Events && tokens > before.Tokens);
    }

    [Fact]
    public async Task A_config_that_is_asked_for_with_HEAD_is_not_fetched()
    {
        await using var walk = await RouteWalk.StartAsync("profiles: [{name: core, quantity: 2, mode: live}]");
        await walk.Server.ChangeAsync(HttpMethod.Put, "machines/a/state", new JsonObject { ["state"] = "installed" });
        var path = $"/boot/{BootTokenServerTests.TokenIn(await walk.Server.Boot.GetStringAsync(Scripts[0], Cancel))}/config";
        var before = StandOf(walk.Server);
        for (var i = 0; i < 40; i++)
        {
            Assert.StartsWith("200 ", await HeadAsync(walk.Server.Boot, HttpMethod.Head, path), StringComparison.Ordinal);
        }

        Assert.Equal(before, StandOf(walk.Server));
        Assert.StartsWith("200 ", await HeadAsync(walk.Server.Boot, HttpMethod.Get, path), StringComparison.Ordinal);
        var after = StandOf(walk.Server);
        Assert.Equal((before.Fetches + 1, true), (after.Fetches, after.Events > before.Events));
        // It is in another installation now.
        Assert.NotSame(before.Machines, after.Machines);
    }

    [Fact]
    public async Task A_template_that_fails_is_the_problem_of_GET_alone()
    {
        await using var walk = await RouteWalk.StartAsync("profiles: [{name: core, quantity: 2, mode: live}]");
        var folder = Directory.CreateDirectory(Path.Combine(walk.Server.Folder, "templates", "ignition")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "default.yaml"), "{{ if }}", Cancel);
        var before = StandOf(walk.Server);
        Assert.StartsWith("503 ", await HeadAsync(walk.Server.Boot, HttpMethod.Head, $"/boot/{walk.Token}/config"), StringComparison.Ordinal);
        Assert.Equal(before, StandOf(walk.Server));
        Assert.DoesNotContain("alarm", await walk.Server.Api.GetStringAsync("/readyz", Cancel), StringComparison.Ordinal);
    }

    // HttpClient does not show what follows a head.
    [Fact]
    public async Task No_byte_follows_the_head()
    {
        await using var walk = await RouteWalk.StartAsync();
        foreach (var one in walk.Boot.Where(one => one.Method == HttpMethod.Head))
        {
            using var client = new TcpClient();
            await client.ConnectAsync(one.Client.BaseAddress!.Host, one.Client.BaseAddress.Port, Cancel);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HEAD {one.Path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), Cancel);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var answer = await reader.ReadToEndAsync(Cancel);
            Assert.True(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) == answer.Length - 4, $"{one}: {answer}");
        }
    }

    [Fact]
    public async Task HEAD_neither_streams_nor_waits_and_takes_no_place_of_those_who_do()
    {
        await using var walk = await RouteWalk.StartAsync();
        for (var i = 0; i < 800; i++)
        {
            Assert.Contains("Content-Type: text/event-stream", await HeadAsync(walk.Server.Api, HttpMethod.Head, "/api/v1/events"), StringComparison.Ordinal);
        }

        Assert.StartsWith("200 ", await HeadAsync(walk.Server.Api, HttpMethod.Get, "/api/v1/events"), StringComparison.Ordinal);
        var etcd = walk.Boot.First(one => one.Route.RoutePattern.RawText == "/etcd/{token}");
        Assert.StartsWith("200 ", await HeadAsync(etcd.Client, HttpMethod.Head, $"{etcd.Path}?wait=true&recursive=true"), StringComparison.Ordinal);
    }

    private static (object Machines, long Events, long Tokens, int Fetches, long Refusals) StandOf(TestServer server)
    {
        var state = server.Tokens.Save();
        return (server.Store.Current, server.Trace.Events.Newest, server.Tokens.Changes, state.Tokens.Sum(token => token.Given.Values.Sum()), server.Tokens.Refusals);
    }

    // What differs by itself, or by how a body is framed, is left out; and a length that only the whole answer tells.
    private static async Task<string> HeadAsync(HttpClient client, HttpMethod method, string path, int version = 1)
    {
        using var request = new HttpRequestMessage(method, path);
        if (version == 2 && client.BaseAddress!.Scheme == "https")
        {
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        }

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var headers = answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated)
            .Where(header => header.Key is not ("Date" or "Transfer-Encoding") && !(header.Key == "Last-Modified" && path == "/metrics"))
            .Select(header => $"{header.Key}: {header.Value}");
        return $"{(int)answer.StatusCode} {string.Join('\n', headers.Order(StringComparer.Ordinal))}";
    }
}
