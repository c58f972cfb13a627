using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Mayu.Server.Tests.BootHttp;

namespace Mayu.Server.Tests.Api;

[Collection(nameof(MeasuringAlone))]
public sealed class MetricsTests
{
    // Servers of other tests measure in the same process: the names of this one's profiles and machines are its own.
    [Fact]
    public async Task Prometheus_reads_numbers_without_a_token_and_finds_no_serial_and_no_secret_there()
    {
        await using var server = await TestServer.StartAsync("profiles: [{name: metrics-only, quantity: 2}]");
        await server.RegisterAsync("metrics-machine");
        await server.ChangeAsync(HttpMethod.Put, "machines/metrics-machine/overrides/metrics_token", new JsonObject { ["value"] = "hunter2" });

        var text = await server.ApiWithoutToken.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Matches(Series("mayu_profile_machines", "profile=\"metrics-only\"", 1), text);
        Assert.Matches(Series("mayu_profile_slots", "profile=\"metrics-only\"", 2), text);
        Assert.Matches(Series("mayu_pool_addresses", "use=\"free\"", 2), text);
        Assert.Matches(Series("mayu_machines", "state=\"installing\"", 1), text);
        Assert.Matches(Series("mayu_store_writable", "", 1), text);
        Assert.Contains("http_server_request_duration_seconds_bucket", text, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/api/v1/machines/{serial}/overrides/{name}\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("metrics-machine", text, StringComparison.Ordinal);
        Assert.DoesNotContain("metrics_token", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
    }

    private static Regex Series(string name, string label, int value) =>
        new($@"(?m)^{name}(\{{[^}}]*{Regex.Escape(label)}[^}}]*\}})? {value}(\s|$)", RegexOptions.None, TimeSpan.FromSeconds(10));
}
