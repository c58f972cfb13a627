using Mayu.Bench.Network;

namespace Mayu.Bench.Dhcp;

/// <summary>Debian's <c>dnsmasq</c>.</summary>
internal sealed class DnsmasqDhcp : IDhcpSite
{
    /// <inheritdoc/>
    public string Name => "dnsmasq";

    /// <inheritdoc/>
    public int FirstRate => 500;

    /// <inheritdoc/>
    public async Task<IAsyncDisposable> StartAsync(BenchContext context, string folder, int clients, CancellationToken cancellation)
    {
        var leases = Path.Combine(folder, "dnsmasq.leases");
        await File.WriteAllTextAsync(leases, BenchLeases.ForDnsmasq(clients), cancellation);
        string[] arguments =
        [
            "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--group=root", "--log-facility=-", "--pid-file=",
            "--port=0", $"--interface={BenchNetwork.Nic}", "--bind-interfaces", "--dhcp-authoritative", "--no-ping", "--quiet-dhcp",
            "--dhcp-lease-max=40000",
            $"--dhcp-range={BenchLeases.FirstAddress},{BenchLeases.LastAddress},255.255.0.0,1h",
            "--dhcp-option=option:router,10.99.0.1", "--dhcp-option=option:dns-server,10.99.0.1",
            $"--dhcp-leasefile={leases}",
        ];
        return await context.Network.StartServerAsync(Path.Combine(folder, "dnsmasq.log"), "DHCP, IP range", "dnsmasq", arguments, cancellation);
    }
}
