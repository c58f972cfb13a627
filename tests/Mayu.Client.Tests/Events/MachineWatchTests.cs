using Mayu.Client.Contracts;

namespace Mayu.Client.Tests.Events;

public sealed class MachineWatchTests
{
    private const string List = "GET /api/v1/events/machines?selector=rack%3D7";

    private const string Events = """
        : watching

        event: snapshot
        data: {"kind":"snapshot","reason":"first"}

        event: upsert
        data: {"kind":"upsert","serial":"a","revision":1,"machine":{"serial":"a","state":"running"}}

        id: m1-5
        event: synced
        data: {"kind":"synced"}


        """;

    // The answer ends, as a connection does that breaks.
    [Fact]
    public async Task A_connection_that_breaks_is_made_again_and_goes_on_after_the_last_id()
    {
        await using var api = (await FakeApi.StartAsync()).Answer(List, Events, type: "text/event-stream");
        using var client = (await MayuClient.OpenAsync(api.Options, TestContext.Current.CancellationToken)).Value!;
        using var watch = (await client.WatchMachinesAsync("rack=7", TestContext.Current.CancellationToken)).Value!;
        var kinds = new List<string>();
        await foreach (var happened in watch.ReadAsync(TestContext.Current.CancellationToken))
        {
            kinds.Add(happened.Kind);
            if (kinds.Count == 3)
            {
                api.Answer(List, "id: m1-6\nevent: delete\ndata: {\"kind\":\"delete\",\"serial\":\"a\"}\n\n", type: "text/event-stream");
            }
            else if (kinds.Count == 4)
            {
                Assert.Equal("a", happened.Serial);
                break;
            }
        }

        Assert.Equal([MachineEvent.SnapshotKind, MachineEvent.UpsertKind, MachineEvent.SyncedKind, MachineEvent.DeleteKind], kinds);
        Assert.Equal(["", "m1-5"], api.LastEventIds);
    }

    [Fact]
    public async Task Whatever_does_not_pass_by_itself_ends_the_events_and_is_told()
    {
        await using var api = (await FakeApi.StartAsync()).Answer(List, Events, type: "text/event-stream");
        using var client = (await MayuClient.OpenAsync(api.Options, TestContext.Current.CancellationToken)).Value!;
        var interruptions = 0;
        using var watch = (await client.WatchMachinesAsync("rack=7", TestContext.Current.CancellationToken)).Value!;
        watch.Interrupted = _ => interruptions++;
        await foreach (var happened in watch.ReadAsync(TestContext.Current.CancellationToken))
        {
            if (happened.Kind == MachineEvent.SyncedKind)
            {
                api.Problem(List, 401, "The token is missing or wrong", "revoked");
            }
        }

        Assert.Equal((ApiFailureKind.Unauthorized, 1), (watch.Failure!.Kind, interruptions));
    }

    [Fact]
    public async Task A_server_that_cannot_be_followed_says_why_at_once()
    {
        await using var api = (await FakeApi.StartAsync()).Problem(List, 400, "Not valid", "selector: no");
        using var client = (await MayuClient.OpenAsync(api.Options, TestContext.Current.CancellationToken)).Value!;
        Assert.Equal(ApiFailureKind.Refused, (await client.WatchMachinesAsync("rack=7", TestContext.Current.CancellationToken)).Failure!.Kind);
    }
}
