using System.Net;
using System.Text.Json.Nodes;
using Mayu.Core.Boot;
using Mayu.Primitives;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api.Events;

public sealed class EventStreamTests
{
    [Fact]
    public async Task Marks_come_as_they_are_left_and_a_watcher_comes_back_where_it_was()
    {
        await using var server = await TestServer.StartAsync();
        string id;
        using (var stream = await OpenAsync(server, "events"))
        {
            Mark(server, "vm-001", "first");
            (id, var kind, var data) = await NextAsync(stream);
            Assert.Equal("hop", kind);
            Assert.Equal("vm-001", (string?)data["serial"]);
            Assert.Equal(("script", "first"), ((string?)data["hop"]!["name"], (string?)data["hop"]!["detail"]));
        }

        Mark(server, "vm-001", "second");
        using var again = await OpenAsync(server, "events", id);
        Assert.Equal("second", (string?)(await NextAsync(again)).Data["hop"]!["detail"]);
    }

    [Fact]
    public async Task One_machine_is_watched_by_its_serial_or_its_mac()
    {
        await using var server = await TestServer.StartAsync();
        var mac = MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, 1]);
        using var bySerial = await OpenAsync(server, "events?of=vm-001");
        using var byMac = await OpenAsync(server, "events?of=52:54:00:00:00:01");
        Mark(server, "vm-002", "another");
        server.Trace.Mark(mac, HopKind.Discover, "the card");
        server.Trace.Link(mac, SerialOf("vm-001"));
        Mark(server, "vm-001", "the machine");

        Assert.Equal("the machine", (string?)(await NextAsync(bySerial)).Data["hop"]!["detail"]);
        Assert.Equal("the card", (string?)(await NextAsync(byMac)).Data["hop"]!["detail"]);
        Assert.Equal("the machine", (string?)(await NextAsync(byMac)).Data["hop"]!["detail"]);
    }

    [Fact]
    public async Task What_a_watcher_missed_is_marked_as_a_gap()
    {
        await using var server = await TestServer.StartAsync();
        string id;
        using (var stream = await OpenAsync(server, "events"))
        {
            Mark(server, "vm-001", "first");
            id = (await NextAsync(stream)).Id;
        }

        for (var i = 0; i < 10_000; i++)
        {
            Mark(server, "vm-001", $"{i}");
        }

        using var again = await OpenAsync(server, "events", id);
        var gap = await NextAsync(again);
        Assert.Equal("gap", gap.Kind);
        Assert.Equal(10_000 - 8192, (int)gap.Data["missed"]!);
        Assert.Equal($"{10_000 - 8192}", (string?)(await NextAsync(again)).Data["hop"]!["detail"]);

        using var other = await OpenAsync(server, "events", "abc-7");
        Assert.Equal("gap", (await NextAsync(other)).Kind);

        // It is one of the events that the description of the API has.
        var schema = JsonNode.Parse(await server.Api.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken))!["components"]!["schemas"]!["BootEvent"]!;
        Assert.Subset(schema["properties"]!.AsObject().Select(property => property.Key).ToHashSet(), gap.Data.AsObject().Select(property => property.Key).ToHashSet());
        Assert.Subset(gap.Data.AsObject().Select(property => property.Key).ToHashSet(), schema["required"]!.AsArray().Select(name => (string)name!).ToHashSet());
    }

    [Fact]
    public async Task A_reader_needs_a_token_and_names_no_parameter_that_there_is_not()
    {
        await using var server = await TestServer.StartAsync();
        using var stranger = await server.ApiWithoutToken.GetAsync("/api/v1/events", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Contains("unknown", await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Get, "events?serial=x"), StringComparison.Ordinal);
    }

    // Over HTTP/2, eight to a connection: an address has a share of the connections.
    [Theory]
    [InlineData("events")]
    [InlineData("events/machines")]
    public async Task Five_hundred_readers_from_one_address_get_the_same_event_and_each_gets_it(string path)
    {
        await using var server = await TestServer.StartAsync();
        var streams = new List<StreamReader>();
        for (var i = 0; i < 512; i++)
        {
            streams.Add(await OpenAsync(server, path, version: HttpVersion.Version20));
        }

        Mark(server, "vm-001", "for all");
        var read = await Task.WhenAll(streams.Select(ReadAsync));
        Assert.All(read, detail => Assert.Equal("for all", detail));
        streams.ForEach(stream => stream.Dispose());

        static async Task<string?> ReadAsync(StreamReader stream)
        {
            while (true)
            {
                var (_, kind, data) = await NextAsync(stream);
                if (kind is "hop" or "upsert")
                {
                    return (string?)(data["hop"] ?? data["machine"]!["hop"])!["detail"];
                }
            }
        }
    }

    private static void Mark(TestServer server, string serial, string detail) => server.Trace.Mark(SerialOf(serial), HopKind.Script, detail);

    private static async Task<StreamReader> OpenAsync(TestServer server, string path, string? after = null, Version? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/" + path) { Version = version ?? HttpVersion.Version11 };
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        var response = await server.Api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<(string Id, string Kind, JsonNode Data)> NextAsync(StreamReader stream)
    {
        var (id, kind) = ("", "");
        while (true)
        {
            var line = await stream.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new EndOfStreamException();
            switch (line.Split(": ", 2))
            {
                case ["id", var text]:
                    id = text;
                    break;
                case ["event", var text]:
                    kind = text;
                    break;
                case ["data", var text]:
                    return (id, kind, JsonNode.Parse(text)!);
                default:
                    break;
            }
        }
    }

    private static Serial SerialOf(string text) => Serial.TryParse(text, out var serial, out _) ? serial : throw new ArgumentException(text, nameof(text));
}
