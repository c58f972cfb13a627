using System.Net;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>Who may ask the API, and what an operator is refused.</summary>
public sealed class OperatorAccessTests
{
    [Theory]
    [InlineData("/api/v1/machines")]
    [InlineData("/api/v1/history")]
    [InlineData("/api/v1/version")]
    [InlineData("/nothing/here")]
    public async Task Without_the_token_nothing_but_health_is_answered(string path)
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.ApiWithoutToken.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal("ok\n", await server.ApiWithoutToken.GetStringAsync("/healthz"));
        Assert.Equal("ready\n", await server.ApiWithoutToken.GetStringAsync("/readyz"));
    }

    [Fact]
    public async Task The_keys_are_for_their_owner_alone()
    {
        await using var server = await TestServer.StartAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(server.Folder, "keys")))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Theory]
    [InlineData("a", """{"state":"flying"}""", HttpStatusCode.BadRequest, "unknown, configured, installing, installed, running")]
    [InlineData("a", """{"state":"installing"}""", HttpStatusCode.Conflict, "set configured")]
    [InlineData("nobody", """{"state":"configured"}""", HttpStatusCode.NotFound, "nobody")]
    public async Task A_state_that_cannot_be_set_is_refused_with_the_reason(string serial, string body, HttpStatusCode status, string expected)
    {
        await using var server = await TestServer.StartAsync();
        await server.RunAsync("a");
        var answer = await server.Api.PutAsync(new Uri($"/api/v1/machines/{serial}/state", UriKind.Relative), new StringContent(body), TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(expected, await TestServer.DetailOf(answer), StringComparison.Ordinal);
    }
}
