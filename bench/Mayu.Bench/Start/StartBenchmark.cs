using System.Globalization;
using Mayu.Lab.Rack;

namespace Mayu.Bench.Start;

/// <summary>How long a server that knows many machines needs from its start until it answers, and how much memory it takes.</summary>
internal sealed class StartBenchmark : IBenchmark
{
    /// <inheritdoc/>
    public string Name => "start";

    /// <inheritdoc/>
    public IReadOnlyList<string> About { get; } =
    [
        "start: a server that knows 10,000 machines, from exec until it reports ready; its resident memory and open files then,",
        "       and after five full lists and 200 changes",
        "ours: the native mayu serve, with a cluster directory of 10,000 records of 4 KB each and their history in git",
        "peer: dnsmasq, with one line of MAC, address and name per machine; a change is a new file with all lines and SIGHUP; it has no list",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(string Program, string Argument)> Versions { get; } = [("dnsmasq", "--version")];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(Side side, BenchContext context, CancellationToken cancellation)
    {
        // The third is for whatever a server does first when it has said that it is ready.
        var (machines, changes, settle) = context.Scale switch
        {
            Scale.Full => (10_000, 200, TimeSpan.FromSeconds(3)),
            Scale.Quick => (200, 20, TimeSpan.FromMilliseconds(300)),
            _ => (20, 5, TimeSpan.FromMilliseconds(300)),
        };
        await using IKnowingSite site = side == Side.Ours ? new KnowingMayu(context) : new KnowingDnsmasq(context);
        await site.FillAsync(machines, cancellation);
        // What the filling left to be written is not the server's work.
        (await Tool.RunAsync("sync", ["--file-system", context.Folder], cancellation: cancellation)).OrThrow();
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        await site.StartAsync(cancellation);
        var took = clock.GetElapsedTime(began);
        await Task.Delay(settle, cancellation);
        var started = await context.Network.UsageAsync(cancellation);
        await site.ListAsync(5, machines, cancellation);
        for (var change = 0; change < changes; change++)
        {
            await site.ChangeAsync(change * 37 % machines, change, cancellation);
        }

        await Task.Delay(settle, cancellation);
        var used = await context.Network.UsageAsync(cancellation);
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{machines} machines");
        return
        [
            new Figure($"{prefix}/ready", "ms", MoreIsBetter: false, took.TotalMilliseconds),
            new Figure($"{prefix}/memory", "MB", MoreIsBetter: false, started.ResidentBytes / 1e6),
            new Figure($"{prefix}/open files", "files", MoreIsBetter: false, started.OpenFiles),
            new Figure($"{prefix}/memory after lists and changes", "MB", MoreIsBetter: false, used.ResidentBytes / 1e6),
            new Figure($"{prefix}/open files after lists and changes", "files", MoreIsBetter: false, used.OpenFiles),
        ];
    }
}
