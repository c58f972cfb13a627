using System.Collections.Concurrent;
using Mayu.Bench.Network;
using Mayu.Lab;

namespace Mayu.Bench.Smoke;

/// <summary>The boot conversation of a whole rack, one machine after the other and many at a time.</summary>
internal sealed class SmokeBenchmark : IBenchmark
{
    private Answers? _answers;

    /// <inheritdoc/>
    public string Name => "smoke";

    /// <inheritdoc/>
    public IReadOnlyList<string> About { get; } =
    [
        "smoke: the boot conversation of simulated machines, from iPXE's DHCPDISCOVER to running: 2 DHCP exchanges and 10 HTTP requests each",
        "ours: the native mayu serve, which decides, and writes 4 changes per machine durably to git before it answers",
        "peer: dnsmasq (--no-ping: otherwise it waits 3 s before each offer) and nginx, which sends everybody the same bytes from files;",
        "      it decides nothing and stores nothing durably: dnsmasq keeps a lease file, both keep logs",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(string Program, string Argument)> Versions { get; } = [("dnsmasq", "--version"), ("nginx", "-v")];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(Side side, BenchContext context, CancellationToken cancellation)
    {
        var (machines, together) = context.Scale switch
        {
            Scale.Full => (100, 25),
            Scale.Quick => (20, 10),
            _ => (10, 5),
        };
        return
        [
            .. await MeasureAsync(side, Below(context, "alone"), "one at a time", machines, 1, cancellation),
            .. await MeasureAsync(side, Below(context, "together"), $"{together} at a time", machines, together, cancellation),
        ];
    }

    private async Task<IReadOnlyList<Figure>> MeasureAsync(
        Side side, BenchContext context, string mode, int machines, int together, CancellationToken cancellation)
    {
        await using IBootSite site = side == Side.Ours
            ? await MayuSite.StartAsync(context, cancellation)
            : await StockSite.StartAsync(context, _answers ?? throw new LabException("the peer has nothing to serve yet: ours comes first"), cancellation);
        await using var dhcp = await DhcpClientPort.OpenAsync(context.Network);
        List<SimulatedMachine> rack = [.. Enumerable.Range(1, machines).Select(number => new SimulatedMachine(number))];
        var held = new ConcurrentDictionary<SimulatedMachine, (Answers Answers, TimeSpan Took)>();

        var clock = TimeProvider.System;
        var before = await context.Network.UsageAsync(cancellation);
        var started = clock.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = together, CancellationToken = cancellation };
        await Parallel.ForEachAsync(rack, options, async (machine, token) =>
        {
            var began = clock.GetTimestamp();
            var answers = await new Conversation(context.Network, dhcp, machine).HoldAsync(token);
            held[machine] = (answers, clock.GetElapsedTime(began));
        });
        var elapsed = clock.GetElapsedTime(started);
        var after = await context.Network.UsageAsync(cancellation);

        await site.CheckAsync(rack, [.. rack.Select(machine => held[machine].Answers)], cancellation);
        _answers ??= held[rack[0]].Answers;
        return Figures(mode, machines, elapsed, [.. held.Values.Select(one => one.Took.TotalMilliseconds)], before, after);
    }

    private static IReadOnlyList<Figure> Figures(
        string mode, int machines, TimeSpan elapsed, IReadOnlyCollection<double> milliseconds, ServerUsage before, ServerUsage after) =>
    [
        new($"{mode}/conversations", "1/s", MoreIsBetter: true, machines / elapsed.TotalSeconds),
        new($"{mode}/median", "ms", MoreIsBetter: false, Spread.Of(milliseconds).Median),
        new($"{mode}/p99", "ms", MoreIsBetter: false, Spread.Percentile(milliseconds, 0.99)),
        new($"{mode}/server CPU a machine", "ms", MoreIsBetter: false, (after.Cpu - before.Cpu).TotalMilliseconds / machines),
        new($"{mode}/peak memory", "MB", MoreIsBetter: false, after.PeakBytes / 1e6),
    ];

    private static BenchContext Below(BenchContext context, string folder) =>
        context with { Folder = Directory.CreateDirectory(Path.Combine(context.Folder, folder)).FullName };
}
