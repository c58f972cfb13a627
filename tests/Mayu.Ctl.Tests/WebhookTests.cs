using System.Text.Json.Nodes;
using Mayu.Client.Tests;

namespace Mayu.Ctl.Tests;

public sealed class WebhookTests
{
    private const string Hooks = """
        {"items": [
          {"name": "chat", "receiver": "https://chat.example", "types": ["machine.stall"], "pending": 2, "delivered": 12, "failed": 3, "deadLetters": 1, "lastDelivered": "2026-01-02T11:00:00Z", "lastFailed": "2026-01-02T11:30:00Z", "lastError": "it answered 500"},
          {"name": "cmdb", "receiver": "http://10.0.0.5:8080", "types": ["machine.state"], "delivered": 4, "lastDelivered": "2026-01-02T11:00:00Z", "lastFailed": "2026-01-02T10:00:00Z", "lastError": "no connection"}]}
        """;

    private const string Letters = """
        {"items": [{"id": "msg_1", "type": "machine.stall", "serial": "vm-001", "at": "2026-01-02T09:00:00Z", "died": "2026-01-02T11:00:00Z", "attempts": 8, "error": "it answered 500"}]}
        """;

    [Fact]
    public async Task The_list_shows_the_last_error_of_those_that_fail_now()
    {
        await using var api = (await FakeApi.StartAsync()).Answer("GET /api/v1/webhooks", Hooks);
        var run = CtlRun.Against(api);
        Assert.Equal(0, await run.RunAsync("webhook", "list"));
        Assert.Equal(
            """
            NAME  RECEIVER              PENDING  DELIVERED  DEAD  LAST DELIVERED        LAST ERROR
            chat  https://chat.example  2        12         1     2026-01-02T11:00:00Z  it answered 500
            cmdb  http://10.0.0.5:8080  0        4          0     2026-01-02T11:00:00Z  -

            """,
            Trimmed(run.Out), ignoreLineEndingDifferences: true);
        Assert.Equal(0, await run.RunAsync("webhook", "list", "-o", "name"));
        Assert.EndsWith("chat\ncmdb\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dead_letters_are_listed_with_their_ids_and_sent_again()
    {
        await using var api = (await FakeApi.StartAsync()).Answer("GET /api/v1/webhooks/chat/dead-letters", Letters).Answer("POST /api/v1/webhooks/chat/retry", """{"retried": 1}""");
        var run = CtlRun.Against(api);
        Assert.Equal(0, await run.RunAsync("webhook", "dead-letters", "chat", "-o", "name"));
        Assert.Equal("msg_1\n", run.Out);
        Assert.Equal(0, await run.RunAsync("webhook", "retry", "chat", "msg_1"));
        Assert.EndsWith("1 message is sent again\n", run.Out, StringComparison.Ordinal);
        Assert.Equal("""{"ids":["msg_1"]}""", api.Requests.Last().Body);
        Assert.Equal(0, await run.RunAsync("webhook", "retry", "chat"));
        Assert.Equal("{}", api.Requests.Last().Body);
    }

    [Fact]
    public async Task Where_there_is_none_it_is_said_on_standard_error()
    {
        await using var api = (await FakeApi.StartAsync()).Answer("GET /api/v1/webhooks", """{"items": []}""").Answer("GET /api/v1/webhooks/chat/dead-letters", """{"items": []}""");
        var run = CtlRun.Against(api);
        Assert.Equal(0, await run.RunAsync("webhook", "list"));
        Assert.Equal(("", "The configuration has no webhooks.\n"), (run.Out, run.Error));
        Assert.Equal(0, await run.RunAsync("webhook", "dead-letters", "chat", "-o", "json"));
        Assert.Empty(JsonNode.Parse(run.Out)!.AsArray());
    }

    private static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimEnd()));
}
