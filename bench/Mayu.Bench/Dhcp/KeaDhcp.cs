using Mayu.Bench.Network;

namespace Mayu.Bench.Dhcp;

/// <summary>Debian's <c>kea-dhcp4</c>.</summary>
internal sealed class KeaDhcp : IDhcpSite
{
    /// <inheritdoc/>
    public string Name => "kea";

    /// <inheritdoc/>
    public int FirstRate => 4000;

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> StartAsync(BenchContext context, string folder, int clients, CancellationToken cancellation)
    {
        var leases = Path.Combine(folder, "leases.csv");
        await File.WriteAllTextAsync(leases, BenchLeases.ForKea(clients), cancellation);
        var config = Path.Combine(folder, "kea.json");
        // DHCP4_STARTED is a line of level INFO, which the logger of the start alone has; packets are logged from WARN on.
        await File.WriteAllTextAsync(
            config,
            $$"""
            {"Dhcp4": {
              "interfaces-config": {"interfaces": ["{{BenchNetwork.Nic}}/{{BenchNetwork.ServerAddress}}"], "dhcp-socket-type": "udp"},
              "lease-database": {"type": "memfile", "persist": true, "name": "{{leases}}", "lfc-interval": 0},
              "valid-lifetime": 3600,
              "multi-threading": {"enable-multi-threading": true, "thread-pool-size": 2},
              "subnet4": [{"id": 1, "subnet": "{{BenchLeases.Subnet}}",
                "pools": [{"pool": "{{BenchLeases.FirstAddress}}-{{BenchLeases.LastAddress}}"}],
                "option-data": [{"name": "routers", "data": "10.99.0.1"}, {"name": "domain-name-servers", "data": "10.99.0.1"}]}],
              "loggers": [
                {"name": "kea-dhcp4", "severity": "WARN", "output_options": [{"output": "stdout"}]},
                {"name": "kea-dhcp4.dhcp4", "severity": "INFO", "output_options": [{"output": "stdout"}]}]
            } }
            """,
            cancellation);
        Environment.SetEnvironmentVariable("KEA_PIDFILE_DIR", folder);
        Environment.SetEnvironmentVariable("KEA_LOCKFILE_DIR", "none");
        return await context.Network.StartServerAsync(Path.Combine(folder, "kea.log"), "DHCP4_STARTED", "kea-dhcp4", ["-c", config], cancellation);
    }
}
