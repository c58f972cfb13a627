using System.Net;
using Mayu.Server.Tests.BootHttp;
using Mayu.Storage.Git;

namespace Mayu.Server.Tests.Api;

/// <summary>What <c>/readyz</c> and the others say while the store is harmed under the running server, and when it is well again.</summary>
[Collection(nameof(MeasuringAlone))]
public sealed class ReadinessTests
{
    private static readonly GitOptions Quick = new() { LookEvery = TimeSpan.FromMilliseconds(50) };

    [Theory]
    [InlineData(".git")]
    [InlineData(".git/HEAD")]
    [InlineData(".git/objects")]
    public async Task A_harmed_store_is_not_ready_serves_what_it_has_refuses_changes_and_heals_without_a_restart(string part)
    {
        await using var server = await TestServer.StartAsync(options: Quick);
        await server.RegisterAsync("a");
        var path = Path.Combine(server.Folder, "cluster", part);
        Directory.Move(path, path + "-gone");

        Assert.StartsWith("not ready: ", await EventuallyAsync(server, HttpStatusCode.ServiceUnavailable), StringComparison.Ordinal);
        Assert.Equal("a", (string?)(await server.MachineAsync("a"))["serial"]);
        var refused = await server.RefusedAsync(HttpStatusCode.ServiceUnavailable, HttpMethod.Patch, "machines/a", new System.Text.Json.Nodes.JsonObject { ["cabinet"] = "1" });
        Assert.Contains("Nothing was changed", refused, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^mayu_store_writable(\{[^}]*\})? 0", await server.ApiWithoutToken.GetStringAsync("/metrics", TestContext.Current.CancellationToken));

        Directory.Move(path + "-gone", path);
        Assert.Equal("ready\n", await EventuallyAsync(server, HttpStatusCode.OK));
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new System.Text.Json.Nodes.JsonObject { ["cabinet"] = "1" });
        Assert.Equal("1", (string?)(await server.MachineAsync("a"))["cabinet"]);
    }

    [Fact]
    public async Task A_record_that_hands_spoilt_is_named_and_the_server_is_ready()
    {
        await using var server = await TestServer.StartAsync(options: Quick with { EditSettle = TimeSpan.FromMilliseconds(50) });
        await server.RegisterAsync("a");
        await File.WriteAllBytesAsync(Path.Combine(server.Folder, "cluster", "a", "conf.json"), new byte[100], TestContext.Current.CancellationToken);
        var text = "";
        for (var i = 0; i < 500 && !text.Contains("quarantined: a/conf.json", StringComparison.Ordinal); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
            text = await EventuallyAsync(server, HttpStatusCode.OK);
        }

        Assert.StartsWith("ready\nquarantined: a/conf.json: ", text, StringComparison.Ordinal);
        Assert.Equal("a", (string?)(await server.MachineAsync("a"))["serial"]);
    }

    private static async Task<string> EventuallyAsync(TestServer server, HttpStatusCode status)
    {
        for (var i = 0; ; i++)
        {
            using var answer = await server.ApiWithoutToken.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
            if (answer.StatusCode == status || i == 500)
            {
                Assert.Equal(status, answer.StatusCode);
                return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
