using Mayu.Lab;

namespace Mayu.Bench.Dhcp;

/// <summary>Finds the highest rate at which less than 1 % is lost: upwards by half until it is too much, then by halves of what is between.</summary>
internal sealed class RateSearch(BenchContext context, int clients)
{
    private const double MostLost = 0.01;
    private const int LeastRate = 20;

    /// <exception cref="LabException">At no rate the loss is below 1 %.</exception>
    public async Task<DhcpResult> RunAsync(IDhcpSite site, CancellationToken cancellation)
    {
        var (seconds, exactness) = context.Scale == Scale.Full ? (2, 1.1) : (1, 1.5);
        await RunOnceAsync(site.FirstRate / 4, 1, cancellation);
        var (low, high, rate) = (0, int.MaxValue, site.FirstRate);
        DhcpResult? best = null;
        while (high == int.MaxValue || low == 0 || high > low * exactness)
        {
            var (run, result) = await RunOnceAsync(rate, seconds, cancellation);
            // The generator may not reach the rate either: then this is as much as can be seen.
            var isReached = run.Exchanges / run.Seconds > rate * 0.93;
            if (run.Lost < MostLost && (best is null || result.ExchangesPerSecond > best.ExchangesPerSecond))
            {
                best = result;
            }

            if (run.Lost < MostLost && !isReached)
            {
                break;
            }

            (low, high) = run.Lost < MostLost ? (rate, high) : (low, rate);
            rate = high == int.MaxValue ? rate * 3 / 2 : low == 0 ? high / 2 : (low + high) / 2;
            if (rate < LeastRate)
            {
                break;
            }
        }

        return best ?? throw new LabException($"{site.Name} loses 1 % and more at every rate from {rate} on");
    }

    private async Task<(PerfDhcp Run, DhcpResult Result)> RunOnceAsync(int rate, int seconds, CancellationToken cancellation)
    {
        var before = await context.Network.UsageAsync(cancellation);
        var run = await PerfDhcp.RunAsync(context.Network, clients, rate, seconds, cancellation);
        var after = await context.Network.UsageAsync(cancellation);
        return (run, new DhcpResult(run.Exchanges / run.Seconds, (after.Cpu - before.Cpu) / Math.Max(1, run.Exchanges)));
    }
}
