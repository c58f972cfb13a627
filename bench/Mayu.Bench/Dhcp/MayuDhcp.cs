using Mayu.Bench.Network;

namespace Mayu.Bench.Dhcp;

/// <summary>The native <c>mayu serve</c>.</summary>
internal sealed class MayuDhcp : IDhcpSite
{
    /// <inheritdoc/>
    public string Name => "mayu";

    /// <inheritdoc/>
    public int FirstRate => 8000;

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> StartAsync(BenchContext context, string folder, int clients, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.Combine(folder, "data", "dhcp"));
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "dhcp", "leases"), BenchLeases.ForMayu(clients), cancellation);
        return await BenchMayu.StartAsync(
            context,
            folder,
            $$"""
              relayed:
                - {subnet: {{BenchLeases.Subnet}}, relays: [{{BenchLeases.Relay}}], router: 10.99.0.1, dns: [10.99.0.1], bootstrap_range: {start: {{BenchLeases.FirstAddress}}, end: {{BenchLeases.LastAddress}} } }
            dhcp: {probe: false}
            defaults: {image: none}
            """,
            cancellation);
    }
}
