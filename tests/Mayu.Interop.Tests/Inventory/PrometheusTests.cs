using Mayu.Interop.Tests.Network;

namespace Mayu.Interop.Tests.Inventory;

/// <summary>Debian's Prometheus finds machines by <c>/sd/prometheus</c>, with a viewer's token, and scrapes one.</summary>
public sealed class PrometheusTests : IAsyncLifetime
{
    private readonly InventorySite _site = new();

    public async ValueTask InitializeAsync() => await _site.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["vm-1"] = """{"Serial": "vm-1", "State": "running", "Profile": "core", "Hostname": "db", "MacAddresses": ["02:00:00:00:00:01"], "InternalAddr": "127.0.0.101", "FleetMetadata": ["rack=7"]}""",
        ["vm-2"] = """{"Serial": "vm-2", "State": "installed", "Profile": "core", "Hostname": "web", "MacAddresses": ["02:00:00:00:00:02"], "InternalAddr": "127.0.0.102"}""",
    });

    [Fact]
    public async Task It_scrapes_the_machines_that_are_meant_and_relabels_by_what_is_known_of_them()
    {
        var token = await _site.WriteAsync("token", await _site.TokenAsync("prometheus", "viewer"));
        var web = Directory.CreateDirectory(Path.Combine(_site.Mayu.Folder, "web")).FullName;
        await File.WriteAllTextAsync(Path.Combine(web, "metrics"), "example_answer 42\n", TestContext.Current.CancellationToken);
        await using var exporter = await RunningProgram.StartAsync(_site.Host, "serving", "sh", "-c", $"echo serving; exec busybox httpd -f -p 127.0.0.101:9256 -h {web}");
        var file = await _site.WriteAsync("prometheus.yml", $$"""
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: machines
                http_sd_configs:
                  - url: https://127.0.0.1:4080/sd/prometheus?port=9256&selector=state%3Drunning
                    authorization: { type: Bearer, credentials_file: {{token}} }
                    tls_config: { ca_file: {{_site.Mayu.Data}}/keys/ca.pem }
                    refresh_interval: 1s
                relabel_configs:
                  - { source_labels: [__meta_mayu_hostname], target_label: instance }
                  - { source_labels: [__meta_mayu_profile], target_label: profile }
                  - { source_labels: [__meta_mayu_tag_rack], target_label: rack }
            """);
        await TestNetwork.RunAsync(_site.Host, "promtool", "check", "config", file);
        await using var prometheus = await RunningProgram.StartAsync(
            _site.Host, "Server is ready to receive web requests", "prometheus", $"--config.file={file}", $"--storage.tsdb.path={_site.Mayu.Folder}/tsdb", "--web.listen-address=127.0.0.1:9090");

        await _site.UntilAsync(
            """{"__name__":"example_answer","instance":"db","job":"machines","profile":"core","rack":"7"}""", () => prometheus.Log,
            "curl", "--silent", "--max-time", "10", "http://127.0.0.1:9090/api/v1/query?query=example_answer");
        var targets = await TestNetwork.RunAsync(_site.Host, "curl", "--silent", "--max-time", "10", "http://127.0.0.1:9090/api/v1/targets");
        Assert.DoesNotContain("127.0.0.102", targets, StringComparison.Ordinal);
        Assert.DoesNotContain("level=error", prometheus.Log, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();
}
