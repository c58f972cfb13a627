using System.Globalization;
using Mayu.Bench.Network;
using Mayu.Bench.Smoke;

namespace Mayu.Bench.Provisioning;

/// <summary>Provisioning configs, boot scripts and refusals a second, for few and for many machines.</summary>
internal sealed class ProvisioningBenchmark : IBenchmark
{
    // At least so many configs are given a second that were not rendered yet.
    private const int ColdPerSecond = 2_500;

    private string? _config;
    private string? _script;

    /// <inheritdoc/>
    public string Name => "provisioning";

    /// <inheritdoc/>
    public IReadOnlyList<string> About { get; } =
    [
        "provisioning: answers a second to wrk 4.1 (1 thread, 32 connections) from 10, 1,000 and 10,000 machines in turn: facts in and Ignition config out",
        "       (the first second after a start is \"cold\"), boot scripts, and 503 where the image is missing; times are of the configs",
        "ours: the native mayu serve with the templates that it ships; each config is rendered and checked, each script has a new boot token",
        "peer: nginx with the same bytes in files: a floor, for it knows no machine, renders nothing and checks nothing",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(string Program, string Argument)> Versions { get; } = [("nginx", "-v")];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(Side side, BenchContext context, CancellationToken cancellation)
    {
        var (counts, seconds) = context.Scale switch
        {
            Scale.Full => (new[] { 10, 1_000, 10_000 }, 6),
            Scale.Quick => (new[] { 10, 100 }, 2),
            _ => (new[] { 5 }, 1),
        };
        var figures = new List<Figure>();
        foreach (var count in counts)
        {
            var folder = Directory.CreateDirectory(Path.Combine(context.Folder, count.ToString(CultureInfo.InvariantCulture))).FullName;
            figures.AddRange(await MeasureAsync(side, context with { Folder = folder }, count, seconds, cancellation));
        }

        return figures;
    }

    private async Task<IReadOnlyList<Figure>> MeasureAsync(Side side, BenchContext context, int count, int seconds, CancellationToken cancellation)
    {
        SimulatedMachine[] machines = [.. Enumerable.Range(1, count).Select(number => new SimulatedMachine(number))];
        var load = new ConfigLoad(context);
        await using IConfigSite site = side == Side.Ours ? new ConfigMayu(context) : new ConfigNginx(context, _config!, _script!);
        await site.StartAsync(machines, cancellation);
        if (side == Side.Ours)
        {
            await KeepAnswersAsync(context, machines[0], cancellation);
        }

        var cold = await load.FactsAsync(machines, 1, expected: 200, cancellation);
        // Until each was asked for once, and the heap grows no more.
        await load.FactsAsync(machines, seconds + (count / ColdPerSecond), expected: 200, cancellation);
        var warm = await load.FactsAsync(machines, seconds, expected: 200, cancellation);
        var scripts = await load.ScriptsAsync(machines, seconds, cancellation);
        await site.HoldBackAsync(cancellation);
        var refused = await load.FactsAsync(machines, seconds, expected: 503, cancellation);
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{count} machines");
        return
        [
            new Figure($"{prefix}/configs", "1/s", MoreIsBetter: true, warm.PerSecond),
            new Figure($"{prefix}/configs, cold", "1/s", MoreIsBetter: true, cold.PerSecond),
            new Figure($"{prefix}/config, half", "ms", MoreIsBetter: false, warm.Median),
            new Figure($"{prefix}/config, 99 %", "ms", MoreIsBetter: false, warm.Slow),
            new Figure($"{prefix}/scripts", "1/s", MoreIsBetter: true, scripts.PerSecond),
            new Figure($"{prefix}/503", "1/s", MoreIsBetter: true, refused.PerSecond),
        ];
    }

    // The peer answers the same bytes.
    private async Task KeepAnswersAsync(BenchContext context, SimulatedMachine machine, CancellationToken cancellation)
    {
        using var http = new MachineHttp(context.Network, BenchNetwork.ClientAddress);
        _config ??= System.Text.Encoding.UTF8.GetString(await http.PostAsync(
            $"{ConfigLoad.Server}/provisioning-config", System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(machine.Facts, Client.Contracts.BootJsonContext.Default.FactsReport), cancellation));
        _script ??= System.Text.Encoding.UTF8.GetString(await http.GetAsync(
            ConfigLoad.Server + ConfigLoad.ScriptPath(machine), cancellation));
    }
}
