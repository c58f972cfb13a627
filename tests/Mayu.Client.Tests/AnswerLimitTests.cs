using System.Net;
using System.Text;
using System.Text.Json;
using Mayu.Client.Contracts;

namespace Mayu.Client.Tests;

public class AnswerLimitTests
{
    [Fact]
    public async Task An_event_that_never_ends_breaks_the_stream_and_the_events_before_it_are_read()
    {
        await using var api = await FakeApi.StartAsync();
        var event1 = "id: 1\nevent: hop\ndata: {\"kind\":\"hop\"}\n\n";
        // Long as a whole, of short events: the comments that say that the server is there.
        var alive = string.Concat(Enumerable.Repeat(":\n\n", 500_000));
        api.Answer("GET /api/v1/events", event1 + alive + event1.Replace("1", "2", StringComparison.Ordinal) + "data: " + new string('x', 5 << 20) + "\n\n" + event1, type: "text/event-stream");
        using var client = (await MayuClient.OpenAsync(api.Options, TestContext.Current.CancellationToken)).Value!;
        using var reader = (await client.WatchAsync(null, null, TestContext.Current.CancellationToken)).Value!;

        var read = new List<BootEvent>();
        await foreach (var happened in reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            read.Add(happened);
        }

        Assert.Equal(2, read.Count);
        Assert.Equal("2", reader.LastId);
    }

    [Fact]
    public void An_answer_that_is_too_long_or_too_deep_is_no_json_of_ours()
    {
        Assert.ThrowsAny<JsonException>(() => AnswerJson.Read("{\"items\":[]}"u8, ApiJsonContext.Default.ItemListMachine, 5));
        Assert.ThrowsAny<JsonException>(() => AnswerJson.Read(Encoding.UTF8.GetBytes("{\"items\":[{\"overrides\":{\"a\":" + new string('[', 100_000)), ApiJsonContext.Default.ItemListMachine, 1 << 20));
        Assert.NotNull(AnswerJson.Read("{\"items\":[]}"u8, ApiJsonContext.Default.ItemListMachine, 12));
    }

    [Fact]
    public async Task A_refusal_of_the_stream_is_read_only_as_far_as_it_is_told()
    {
        await using var api = await FakeApi.StartAsync();
        api.Answer("GET /api/v1/events", new string('x', 8 << 20), (int)HttpStatusCode.BadRequest, "text/plain");
        using var client = (await MayuClient.OpenAsync(api.Options, TestContext.Current.CancellationToken)).Value!;
        Assert.Equal(ApiFailureKind.Refused, (await client.WatchAsync(null, null, TestContext.Current.CancellationToken)).Failure!.Kind);
    }
}
