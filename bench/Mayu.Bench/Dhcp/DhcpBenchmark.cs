namespace Mayu.Bench.Dhcp;

/// <summary>Four-way DHCP exchanges a second, and what one costs the server, beside Debian's dnsmasq and Kea.</summary>
internal sealed class DhcpBenchmark : IBenchmark
{
    /// <inheritdoc/>
    public string Name => "dhcp";

    /// <inheritdoc/>
    public IReadOnlyList<string> About { get; } =
    [
        "dhcp: the highest rate of four-way exchanges at which perfdhcp loses less than 1 %, for 500 and for 20,000 clients that already have leases, relayed;",
        "      then the server's CPU time per exchange at that rate. Nobody probes addresses before an offer",
        "ours: mayu serve; an ACK is sent when its lease is flushed to disk",
        "peer: kea-dhcp4 with memfile (persist, no flush), two threads, logging WARN; dnsmasq with --no-ping --quiet-dhcp, its lease file not flushed",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(string Program, string Argument)> Versions { get; } = [("kea-dhcp4", "-v"), ("dnsmasq", "--version"), ("perfdhcp", "-v")];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(Side side, BenchContext context, CancellationToken cancellation)
    {
        var sizes = context.Scale == Scale.Full ? new[] { 500, 20_000 } : [500];
        var figures = new List<Figure>();
        await PerfDhcp.PrepareAsync(context.Network, cancellation);
        foreach (var clients in sizes)
        {
            if (side == Side.Ours)
            {
                var ours = await MeasureAsync(new MayuDhcp(), clients, context, cancellation);
                figures.AddRange(FiguresOf("kea", clients, ours));
                figures.AddRange(FiguresOf("dnsmasq", clients, ours));
            }
            else
            {
                figures.AddRange(FiguresOf("kea", clients, await MeasureAsync(new KeaDhcp(), clients, context, cancellation)));
                figures.AddRange(FiguresOf("dnsmasq", clients, await MeasureAsync(new DnsmasqDhcp(), clients, context, cancellation)));
            }
        }

        return figures;
    }

    private static IEnumerable<Figure> FiguresOf(string peer, int clients, DhcpResult result) =>
    [
        new Figure($"beside {peer}/{clients} clients/exchanges", "1/s", MoreIsBetter: true, result.ExchangesPerSecond),
        new Figure($"beside {peer}/{clients} clients/server CPU an exchange", "µs", MoreIsBetter: false, result.CpuPerExchange.TotalMicroseconds),
    ];

    private static async Task<DhcpResult> MeasureAsync(IDhcpSite site, int clients, BenchContext context, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(context.Folder, $"{site.Name}-{clients}")).FullName;
        await using var running = await site.StartAsync(context, folder, clients, cancellation);
        return await new RateSearch(context, clients).RunAsync(site, cancellation);
    }
}
