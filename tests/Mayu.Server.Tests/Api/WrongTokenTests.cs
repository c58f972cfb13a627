using System.Net;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>Who guesses tokens. Alone: the metrics of another server in the same process would be taken for this one's.</summary>
[Collection(nameof(MeasuringAlone))]
public sealed class WrongTokenTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wrong_tokens_are_slowed_down_counted_and_logged_and_a_right_one_from_the_same_address_is_answered()
    {
        await using var server = await TestServer.StartAsync();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 60; i++)
        {
            answers.Add(await AccessTests.StatusAsync(server, HttpMethod.Get, "/api/v1/machines", $"guess-{i}"));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, answers[0]);
        Assert.Equal(HttpStatusCode.TooManyRequests, answers[^1]);
        Assert.Equal(HttpStatusCode.OK, (await server.Api.GetAsync(new Uri("/api/v1/machines", UriKind.Relative), Token)).StatusCode);
        Assert.Matches("mayu_api_refusals_total[^\n]* 60\n", await server.Api.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token));
    }
}
