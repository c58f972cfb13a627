using System.Text;
using Mayu.Server.Configuration.Settings;
using Mayu.Server.Webhooks;

namespace Mayu.Docs.Tests;

/// <summary>The program of docs/events.md that verifies messages, with messages that the server signs.</summary>
public class EventsPageTests
{
    private const string Call = """

        import sys
        headers = {"webhook-id": sys.argv[2], "webhook-timestamp": sys.argv[3], "webhook-signature": sys.argv[4]}
        print(is_from_mayu(sys.argv[1], headers, sys.argv[5].encode()))
        """;

    [Theory]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 0, "{\"a\":1}", "True")]
    [InlineData("a text that both sides know", 0, "{\"a\":1}", "True")]
    [InlineData("a text that both sides know", 0, "{\"a\":2}", "False")]
    [InlineData("a text that both sides know", -3600, "{\"a\":1}", "False")]
    public async Task It_takes_what_the_server_signed_and_nothing_else(string secret, int seconds, string body, string answer)
    {
        var program = Repository.Page("docs/events.md").Blocks.Single(block => block.Language == "python").Text + Call;
        Assert.True(WebhookKey.TryRead(secret, out var key, out _));
        var at = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + seconds;
        var signature = WebhookSignature.Of(key, "msg_1", at, Encoding.UTF8.GetBytes("{\"a\":1}"));
        var said = await Programs.RunAsync("python3", ["-c", program, secret, "msg_1", $"{at}", signature, body]);
        Assert.Equal(new Said(0, answer + "\n", ""), said);
    }
}
