using System.Net;
using System.Text.Json.Nodes;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

/// <summary>Prometheus' HTTP service discovery: https://prometheus.io/docs/prometheus/latest/http_sd/.</summary>
public sealed class ScrapeTargetsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_machines_it_is_an_empty_list()
    {
        await using var server = await TestServer.StartAsync();
        // Seen, and without a record: it has no address that is its own.
        await server.Boot.GetStringAsync("/ipxebootscript?serial=d&mac=52-54-00-00-00-04", Token);

        using var answer = await server.Api.GetAsync("/sd/prometheus", Token);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("[]", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Each_machine_with_an_address_is_a_target_with_labels_of_its_record()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("b", number: 2);
        await server.RunAsync("a", number: 1);
        await server.ChangeAsync(HttpMethod.Patch, "machines/a", new JsonObject { ["metadata"] = new JsonArray("rack=7", "a-b=x \"é\\", "a.b=y", "rack=8"), ["enabled"] = false });

        var list = await TargetsAsync(server, "?port=9256");

        Assert.Equal(["127.0.0.10:9256", "127.0.0.11:9256"], list.Select(group => (string?)Assert.Single(group!["targets"]!.AsArray())).Order(StringComparer.Ordinal));
        var labels = list.Select(group => group!["labels"]!.AsObject()).Single(one => (string?)one["__meta_mayu_serial"] == "a");
        Assert.Equal(
            new SortedDictionary<string, string?>(StringComparer.Ordinal)
            {
                ["__meta_mayu_serial"] = "a",
                ["__meta_mayu_hostname"] = "a",
                ["__meta_mayu_profile"] = "core",
                ["__meta_mayu_state"] = "running",
                ["__meta_mayu_enabled"] = "false",
                ["__meta_mayu_image"] = "os",
                ["__meta_mayu_tags"] = ",rack=7,a-b=x \"é\\,a.b=y,rack=8,",
                ["__meta_mayu_tag_rack"] = "7",
                ["__meta_mayu_tag_a_b"] = "x \"é\\",
            },
            new SortedDictionary<string, string?>(labels.ToDictionary(label => label.Key, label => (string?)label.Value, StringComparer.Ordinal), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("?selector=state%3Drunning", "127.0.0.10:9100")]
    [InlineData("?selector=serial%3Da,state%3Dinstalling", "")]
    [InlineData("?selector=profile%3Dnosuch", "")]
    [InlineData("?selector=rack%3D9", "")]
    public async Task A_selector_says_which(string query, string targets)
    {
        await using var server = await TestServer.StartAsync();
        await server.RunAsync("a", number: 1);
        await server.RegisterAsync("b", number: 2);

        Assert.Equal(targets, string.Join(' ', (await TargetsAsync(server, query)).Select(group => (string?)group!["targets"]![0])));
    }

    [Theory]
    [InlineData("?port=0", "port must be a number from 1 to 65535.")]
    [InlineData("?port=65536", "port must be a number from 1 to 65535.")]
    [InlineData("?selector=state%3Dinstaled", "There is no state \"instaled\"")]
    [InlineData("?selectr=x", "The parameters are: selector, port.")]
    public async Task What_is_misspelt_is_refused_so_that_no_target_is_lost_silently(string query, string reason)
    {
        await using var server = await TestServer.StartAsync();

        using var answer = await server.Api.GetAsync("/sd/prometheus" + query, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, await TestServer.DetailOf(answer), StringComparison.Ordinal);
    }

    private static async Task<JsonArray> TargetsAsync(TestServer server, string query) =>
        JsonNode.Parse(await server.Api.GetStringAsync("/sd/prometheus" + query, Token))!.AsArray();
}
