using System.Net.Sockets;
using Mayu.Client.Contracts;

namespace Mayu.Client.Tests;

/// <summary>When a request is sent again, and when not.</summary>
public sealed class RetryTests
{
    private const string List = "GET /api/v1/machines";
    private const string State = "PUT /api/v1/machines/a/state";
    private const string Fields = "PATCH /api/v1/machines/a";
    private const string Changes = "POST /api/v1/machine-changes";

    private static readonly StateChangeRequest Configured = new() { State = MachineStates.Configured };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(0)]
    public async Task What_only_reads_is_sent_three_times(int status)
    {
        await using var api = await FakeApi.StartAsync();
        api.First(List, status).First(List, status).Answer(List, """{"items":[{"serial":"a"}]}""");
        using var client = await OpenAsync(api.Options);

        Assert.Equal("a", (await client.ListMachinesAsync(Cancellation)).Value!.Single().Serial);
        Assert.Equal(3, api.Requests.Count);
    }

    [Fact]
    public async Task A_fourth_time_is_none_and_the_last_answer_is_told()
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem(List, 503, "the store is away", "the detail");
        using var client = await OpenAsync(api.Options);

        var failure = (await client.ListMachinesAsync(Cancellation)).Failure!;

        Assert.Equal((3, ApiFailureKind.ServerFailed, "the store is away", 503), (api.Requests.Count, failure.Kind, failure.Title, failure.Status));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(500)]
    [InlineData(501)]
    public async Task An_answer_that_stays_so_is_not_asked_for_again(int status)
    {
        await using var api = await FakeApi.StartAsync();
        api.Problem(List, status, "the title", "the detail");
        using var client = await OpenAsync(api.Options);

        Assert.Equal(status, (await client.ListMachinesAsync(Cancellation)).Failure!.Status);
        Assert.Single(api.Requests);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(0)]
    public async Task A_change_is_sent_again_with_the_same_key(int status)
    {
        await using var api = await FakeApi.StartAsync();
        foreach (var line in new[] { State, Fields, Changes })
        {
            api.First(line, status).Answer(line, """{"serial":"a"}""");
        }

        using var client = await OpenAsync(api.Options);

        Assert.NotNull((await client.SetStateAsync("a", Configured, Cancellation)).Value);
        Assert.NotNull((await client.ChangeMachineAsync("a", new MachineChangeRequest { Cabinet = "7" }, Cancellation)).Value);
        Assert.NotNull((await client.ChangeMachinesAsync(new MachineChangesRequest { Selector = "rack=7" }, Cancellation)).Value);
        Assert.Equal([2, 2, 2], api.Keys.GroupBy(key => key).Select(alike => alike.Count()));
        Assert.DoesNotContain("", api.Keys);
    }

    [Fact]
    public async Task A_change_of_which_an_earlier_try_still_runs_is_sent_again_and_another_conflict_is_not()
    {
        await using var api = await FakeApi.StartAsync();
        api.First(State, 409, ("Retry-After", "0")).Answer(State, """{"serial":"a"}""").Problem(Fields, 409, "the title", "the detail");
        using var client = await OpenAsync(api.Options);

        Assert.NotNull((await client.SetStateAsync("a", Configured, Cancellation)).Value);
        Assert.Equal(ApiFailureKind.Conflict, (await client.ChangeMachineAsync("a", new MachineChangeRequest { Cabinet = "7" }, Cancellation)).Failure!.Kind);
        Assert.Equal(3, api.Requests.Count);
    }

    [Fact]
    public async Task A_report_of_a_machine_has_no_key_and_is_not_sent_again()
    {
        const string Report = "POST /callbacks/a/boot_complete";
        await using var api = await FakeApi.StartAsync();
        api.First(Report, 503).Answer(Report, "{}");
        using var client = await OpenAsync(api.Options);

        Assert.Equal(503, (await client.ReportBootCompleteAsync("a", new BootCompleteReport(), Cancellation)).Failure!.Status);
        Assert.Equal([""], api.Keys);
    }

    [Fact]
    public async Task A_change_of_one_record_alone_has_its_tag_in_every_try()
    {
        await using var api = await FakeApi.StartAsync();
        api.First(State, 503).First(Fields, 503);
        api.Answer("GET /api/v1/machines/a", """{"serial":"a"}""").Answer(State, """{"serial":"a"}""").Answer(Fields, """{"serial":"a"}""");
        api.Tag = "\"t1\"";
        using var client = await OpenAsync(api.Options);
        var tag = (await client.GetMachineAsync("a", Cancellation)).Value!.Tag;

        Assert.Equal("a", (await client.SetStateAsync("a", Configured, tag, Cancellation)).Value!.Serial);
        Assert.Equal("a", (await client.ChangeMachineAsync("a", new MachineChangeRequest { Cabinet = "7" }, tag, Cancellation)).Value!.Serial);
        Assert.Equal(["", "\"t1\"", "\"t1\"", "\"t1\"", "\"t1\""], api.IfMatch);
    }

    [Fact]
    public async Task Without_a_connection_any_request_is_sent_again_for_nothing_was_sent()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer(Changes, "{}");
        var connections = 0;
        using var client = await OpenAsync(api.Options with
        {
            Connect = async (context, cancellation) =>
            {
                if (Interlocked.Increment(ref connections) < 3)
                {
                    throw new SocketException((int)SocketError.ConnectionRefused);
                }

                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });

        Assert.NotNull((await client.ChangeMachinesAsync(new MachineChangesRequest { Selector = "rack=7" }, Cancellation)).Value);
        Assert.Equal((3, 1), (connections, api.Requests.Count));
    }

    [Fact]
    public async Task A_server_that_asks_for_more_time_than_there_is_is_not_asked_again()
    {
        await using var api = await FakeApi.StartAsync();
        api.First(List, 503, ("Retry-After", "3600")).Answer(List, """{"items":[]}""");
        using var client = await OpenAsync(api.Options with { Timeout = TimeSpan.FromSeconds(1) });

        // What it came to, not that time ran out.
        Assert.Equal(503, (await client.ListMachinesAsync(Cancellation)).Failure!.Status);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task One_try_is_one_request()
    {
        await using var api = await FakeApi.StartAsync();
        api.First(List, 503).Answer(List, """{"items":[]}""");
        using var client = await OpenAsync(api.Options with { Tries = 1 });

        Assert.Equal(503, (await client.ListMachinesAsync(Cancellation)).Failure!.Status);
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task A_cancellation_ends_the_pause()
    {
        await using var api = await FakeApi.StartAsync();
        api.First(List, 503, ("Retry-After", "3600"));
        using var client = await OpenAsync(api.Options with { Timeout = TimeSpan.FromHours(2) });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var asking = client.ListMachinesAsync(cancel.Token);
        for (var i = 0; i < 3000 && api.Requests.IsEmpty; i++)
        {
            await Task.Delay(10, Cancellation);
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Single(api.Requests);
    }

    private static async Task<MayuClient> OpenAsync(MayuClientOptions options)
    {
        var opened = await MayuClient.OpenAsync(options with { Pause = TimeSpan.FromMilliseconds(1) }, Cancellation);
        Assert.True(opened.TryGet(out var client, out var failure), failure?.Title);
        return client;
    }
}
