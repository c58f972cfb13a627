using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Client.Events;
using Mayu.Core.Boot;
using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Server.Tests.BootHttp;
using ApiJsonContext = Mayu.Client.Contracts.ApiJsonContext;
using Machine = Mayu.Core.Machines.Machine;

namespace Mayu.Server.Tests.Api.Events;

public sealed class MachineStreamTests
{
    private static readonly Author Author = new("test");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_comes_the_list_then_each_change_of_it()
    {
        await using var server = await TestServer.StartAsync();
        await PutAsync(server, "b", MachineState.Configured);
        Mark(server, "a", "seen");
        using var stream = await OpenAsync(server);
        var snapshot = await stream.NextAsync();
        Assert.Equal(("snapshot", "first", null), (snapshot.Kind, (string?)snapshot.Data["reason"], snapshot.Id));
        var machines = new[] { await stream.NextAsync(), await stream.NextAsync() };
        Assert.All(machines, machine => Assert.Equal(("upsert", null), (machine.Kind, machine.Id)));
        Assert.Equal(["a", "b"], machines.Select(machine => (string?)machine.Data["serial"]).Order());
        var synced = await stream.NextAsync();
        Assert.Equal("synced", synced.Kind);
        Assert.NotNull(synced.Id);
        Assert.Equal(
            (await server.GetAsync("machines"))["items"]!.AsArray().Select(machine => machine!.ToJsonString()),
            machines.OrderBy(machine => (string?)machine.Data["serial"], StringComparer.Ordinal).Select(machine => machine.Data["machine"]!.ToJsonString()));

        await PutAsync(server, "b", MachineState.Running);
        var changed = await stream.NextAsync();
        Assert.Equal(("upsert", "b", "running", 2), (changed.Kind, (string?)changed.Data["serial"], (string?)changed.Data["machine"]!["state"], (int?)changed.Data["revision"]));
        Mark(server, "a", "again");
        Assert.Equal("again", (string?)(await stream.NextAsync()).Data["machine"]!["hop"]!["detail"]);
        await DeleteAsync(server, "b");
        var gone = await stream.NextAsync();
        Assert.Equal(("delete", "b"), (gone.Kind, (string?)gone.Data["serial"]));
        server.Trace.Forget(SerialOf("a"));
        Assert.Equal(("delete", "a"), await stream.NextAsync() is var last ? (last.Kind, (string?)last.Data["serial"]) : default);
    }

    [Fact]
    public async Task A_reader_that_comes_back_gets_what_changed_since_and_no_list()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var serial in (string[])["a", "b", "c"])
        {
            await PutAsync(server, serial, MachineState.Configured);
        }

        string id;
        using (var stream = await OpenAsync(server))
        {
            id = (await stream.UntilAsync("synced")).Id!;
        }

        await PutAsync(server, "b", MachineState.Running);
        await PutAsync(server, "b", MachineState.Installed);
        await DeleteAsync(server, "c");
        using var again = await OpenAsync(server, after: id);
        var all = new[] { await again.NextAsync(), await again.NextAsync() };
        Assert.Equal(["delete c", "upsert b"], all.Select(one => $"{one.Kind} {(string?)one.Data["serial"]}").Order(StringComparer.Ordinal));
        Assert.Equal("synced", (await again.NextAsync()).Kind);
        await PutAsync(server, "a", MachineState.Running);
        Assert.Equal("a", (string?)(await again.NextAsync()).Data["serial"]);
    }

    [Theory]
    [InlineData("m1234abcd-7")]
    [InlineData("8df4dfbe5bac403-7")]
    [InlineData("nonsense")]
    [InlineData("m-1-2")]
    public async Task A_reader_whose_id_is_of_another_start_is_told_and_gets_the_list(string id)
    {
        await using var server = await TestServer.StartAsync();
        await PutAsync(server, "a", MachineState.Configured);
        using var stream = await OpenAsync(server, after: id);
        var snapshot = await stream.NextAsync();
        Assert.Equal(("snapshot", "restarted"), (snapshot.Kind, (string?)snapshot.Data["reason"]));
        Assert.Equal("a", (string?)(await stream.NextAsync()).Data["serial"]);
    }

    [Fact]
    public async Task A_machine_that_leaves_the_selection_is_a_delete_and_one_that_never_was_in_it_is_nothing()
    {
        await using var server = await TestServer.StartAsync();
        await PutAsync(server, "a", MachineState.Running);
        await PutAsync(server, "b", MachineState.Configured);
        using var stream = await OpenAsync(server, "?selector=state%3Drunning");
        Assert.Equal("snapshot", (await stream.NextAsync()).Kind);
        Assert.Equal("a", (string?)(await stream.NextAsync()).Data["serial"]);
        Assert.Equal("synced", (await stream.NextAsync()).Kind);
        await DeleteAsync(server, "b");
        await PutAsync(server, "a", MachineState.Configured);
        var left = await stream.NextAsync();
        Assert.Equal(("delete", "a"), (left.Kind, (string?)left.Data["serial"]));
        await PutAsync(server, "c", MachineState.Running);
        Assert.Equal(("upsert", "c"), await stream.NextAsync() is var came ? (came.Kind, (string?)came.Data["serial"]) : default);
        Assert.Contains("selector", await server.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Get, "events/machines?selector=state%3Dno"), StringComparison.Ordinal);
    }

    // The promise of the stream, over the wire and with the client of ours: whatever writers do meanwhile, whoever applies the events has the server's list in the end.
    [Theory]
    [InlineData(1, "")]
    [InlineData(2, "")]
    [InlineData(3, "state=running|configured")]
    [InlineData(4, "serial=m1*")]
    public async Task While_writers_write_every_copy_becomes_the_servers_list(int seed, string selector)
    {
        await using var server = await TestServer.StartAsync();
        for (var i = 0; i < 40; i++)
        {
            await PutAsync(server, $"m{i}", MachineState.Configured);
        }

        var url = "?selector=" + Uri.EscapeDataString(selector);
        var (copies, following) = (new List<MachineCopy>(), new List<Task>());
        var expected = new TaskCompletionSource<List<string>>();
        var writing = Enumerable.Range(0, 3).Select(writer => WriteAsync(server, new Random((seed * 100) + writer), 60)).ToList();
        for (var reader = 0; reader < 4; reader++)
        {
            var copy = new MachineCopy();
            copies.Add(copy);
            following.Add(FollowAsync(server, selector.Length == 0 ? "" : url, copy, new Random((seed * 1000) + reader), expected.Task));
        }

        await Task.WhenAll(writing);
        await PutAsync(server, "m1-last", MachineState.Running);
        var list = await server.GetAsync("machines" + (selector.Length == 0 ? "" : url));
        expected.SetResult([.. list["items"]!.AsArray().Select(machine => Text(machine.Deserialize(ApiJsonContext.Default.Machine)!))]);
        // One event more: whoever had all others has something to compare at.
        server.Trace.Touch(SerialOf("m1-last"));
        // Where one never becomes it, the difference is told.
        await Task.WhenAny(Task.WhenAll(following), Task.Delay(TimeSpan.FromMinutes(1), Token));
        Assert.All(copies, copy => Assert.Equal(expected.Task.Result, Texts(copy)));
        await Task.WhenAll(following);
    }

    // Reads until the copy is the list, and hangs up now and then on the way.
    private static async Task FollowAsync(TestServer server, string query, MachineCopy copy, Random random, Task<List<string>> expected)
    {
        string? id = null;
        while (true)
        {
            using var stream = await OpenAsync(server, query, after: id);
            for (var left = random.Next(20, 200); left > 0; left--)
            {
                var (own, _, data) = await stream.NextAsync();
                id = own ?? id;
                copy.Apply(data.Deserialize(ApiJsonContext.Default.MachineEvent)!);
                if (expected.IsCompleted && copy.IsComplete && Texts(copy).SequenceEqual(await expected, StringComparer.Ordinal))
                {
                    return;
                }
            }
        }
    }

    private static IEnumerable<string> Texts(MachineCopy copy) => copy.Machines.Values.Select(Text);

    private static string Text(Mayu.Client.Contracts.Machine machine) => JsonSerializer.Serialize(machine, ApiJsonContext.Default.Machine);

    private static async Task WriteAsync(TestServer server, Random random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var serial = $"m{random.Next(60)}";
            switch (random.Next(8))
            {
                case 0:
                    await DeleteAsync(server, serial);
                    break;
                case 1:
                    // One after which nothing is expected: a stall comes with time, and is not what is compared.
                    server.Trace.Mark(SerialOf(serial), HopKind.Complete, i.ToString(CultureInfo.InvariantCulture));
                    break;
                case 2:
                    server.Trace.Link(MacAddress.FromOctets([0x52, 0x54, 0, 0, 0, (byte)random.Next(9)]), SerialOf(serial));
                    break;
                case 3:
                    server.Trace.Forget(SerialOf(serial));
                    break;
                default:
                    await PutAsync(server, serial, (MachineState)random.Next(5));
                    break;
            }
        }
    }

    private static void Mark(TestServer server, string serial, string detail) => server.Trace.Mark(SerialOf(serial), HopKind.Script, detail);

    private static Task<ChangeOutcome> PutAsync(TestServer server, string serial, MachineState state) => server.Store.ChangeAsync(
        Author,
        snapshot => new Proposal.Put((snapshot.Find(SerialOf(serial)) ?? new Machine { Serial = SerialOf(serial), State = state }) with { State = state }, $"updated state to {Lifecycle.NameOf(state)}"),
        Token);

    private static Task<ChangeOutcome> DeleteAsync(TestServer server, string serial) => server.Store.ChangeAsync(
        Author, snapshot => snapshot.Find(SerialOf(serial)) is { } machine ? new Proposal.Delete(machine, "deleted") : new Proposal.Nothing(null), Token);

    private static Serial SerialOf(string text) => Serial.TryParse(text, out var serial, out _) ? serial : throw new ArgumentException(text, nameof(text));

    private static async Task<EventText> OpenAsync(TestServer server, string query = "", string? after = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events/machines" + query);
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        var response = await server.Api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new EventText(new StreamReader(await response.Content.ReadAsStreamAsync(Token)));
    }

    // Written by hand, and not with the client's reader: what is on the wire is what counts.
    private sealed class EventText(StreamReader stream) : IDisposable
    {
        public void Dispose() => stream.Dispose();

        public async Task<(string? Id, string Kind, JsonNode Data)> NextAsync()
        {
            var (id, kind) = ((string?)null, "");
            while (true)
            {
                var line = await stream.ReadLineAsync(Token) ?? throw new EndOfStreamException();
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

        public async Task<(string? Id, string Kind, JsonNode Data)> UntilAsync(string kind)
        {
            while (true)
            {
                if (await NextAsync() is var one && one.Kind == kind)
                {
                    return one;
                }
            }
        }
    }
}
