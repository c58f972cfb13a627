using System.Net;
using Mayu.Netboot.Tests;
using Mayu.Server;
using Mayu.Server.Tests.BootHttp;
using Microsoft.Extensions.Logging;

namespace Mayu.Hostile.Tests;

/// <summary>Who has no token is told nothing that helps to get one, and who has one does not leave it in the log.</summary>
public sealed class TokenTests
{
    [Fact]
    public async Task A_401_says_nothing_of_where_the_token_is()
    {
        await using var server = await TestServer.StartAsync();
        using var answer = await server.ApiWithoutToken.GetAsync(new Uri("/api/v1/machines", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var detail = await TestServer.DetailOf(answer);
        Assert.DoesNotContain("/", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("operator-token", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_a_query_is_in_no_line_of_the_log_whatever_is_logged()
    {
        var lines = new LogLines();
        using var place = new WholeServer();
        using var loggers = LoggerFactory.Create(logging => ServeCommand.Filter(logging, verbose: true).AddProvider(lines));
        await using var server = await place.StartAsync(loggers: loggers);
        var token = (await File.ReadAllTextAsync(server.Keys.TokenFile, TestContext.Current.CancellationToken)).Trim();
        var url = lines.Texts.Single(text => text.StartsWith("Now listening on: https://", StringComparison.Ordinal))["Now listening on: ".Length..];
        using var api = TestServer.ApiClient(server.Keys, url);
        using var answer = await api.GetAsync(new Uri($"/api/v1/machines?token={token}", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("GET /api/v1/machines", lines.Texts);
        Assert.DoesNotContain(lines.Texts, text => text.Contains(token, StringComparison.OrdinalIgnoreCase));
    }
}
