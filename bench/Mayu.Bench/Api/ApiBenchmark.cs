using System.Globalization;
using Mayu.Bench.Network;
using Mayu.Bench.Provisioning;
using Mayu.Bench.Smoke;
using Mayu.Lab;

namespace Mayu.Bench.Api;

/// <summary>What operators and their programs ask of a server that knows 10,000 machines.</summary>
internal sealed class ApiBenchmark : IBenchmark
{
    private ApiAnswers? _answers;

    /// <inheritdoc/>
    public string Name => "api";

    /// <inheritdoc/>
    public IReadOnlyList<string> About { get; } =
    [
        "api: answers a second to wrk 4.1 (1 thread) over TLS from a server that knows 10,000 machines: the list of all of them over 4",
        "     connections, one machine and a change of one machine over 32; the server's processor time and memory for it; how long mayuctl list",
        "     and mayuctl version take, as processes; and boot scripts to 32 connections while 500 programs read the events that they make (ours",
        "     alone has them), and while 2,000 other connections send a request a byte a second",
        "ours: the native mayu serve, with a cluster directory of 10,000 records of 4 KB each and their history in git; a change is durable",
        "      when it is answered",
        "peer: nginx with the same bytes in files and the same certificate: a floor, for it knows no machine, asks for no token and changes",
        "      nothing; and curl, which fetches the whole list and prints no table",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(string Program, string Argument)> Versions { get; } = [("nginx", "-v")];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(Side side, BenchContext context, CancellationToken cancellation)
    {
        var (machines, seconds) = context.Scale switch
        {
            Scale.Full => (10_000, 6),
            Scale.Quick => (200, 2),
            _ => (20, 1),
        };
        await using IApiSite site = side == Side.Ours ? new ApiMayu(context) : new ApiNginx(context, _answers!);
        await site.StartAsync(machines, cancellation);
        if (site is ApiMayu mayu)
        {
            _answers = await mayu.AnswersAsync(cancellation);
        }

        var load = new ApiLoad(context, site.Token, machines);
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{machines} machines");
        List<Figure> figures =
        [
            .. await MeasureAsync($"{prefix}/list", context, () => load.ListAsync(seconds, cancellation), seconds, cancellation),
            .. await MeasureAsync($"{prefix}/one", context, () => load.OneAsync(seconds, cancellation), seconds, cancellation),
            .. await MeasureAsync($"{prefix}/change", context, () => load.ChangeAsync(seconds, cancellation), seconds, cancellation),
        ];
        figures.Add(new Figure($"{prefix}/list by a program", "ms", MoreIsBetter: false, await CommandTime.MedianAsync(context.Network, site.ListCommand, cancellation)));
        figures.Add(new Figure("a short answer by a program", "ms", MoreIsBetter: false, await CommandTime.MedianAsync(context.Network, site.VersionCommand, cancellation)));
        figures.AddRange(await BesideReadersAsync(side, context, site.Token, seconds, cancellation));
        await using (var slow = await SlowConnections.OpenAsync(context, SlowConnectionCount(context.Scale), cancellation))
        {
            var scripts = await ScriptsAsync(context, seconds, cancellation);
            var beside = string.Create(CultureInfo.InvariantCulture, $"beside {SlowConnectionCount(context.Scale)} slow connections");
            figures.Add(new Figure($"{beside}/scripts", "1/s", MoreIsBetter: true, scripts.PerSecond));
            figures.Add(new Figure($"{beside}/script, 99 %", "ms", MoreIsBetter: false, scripts.Slow));
            figures.Add(new Figure($"{beside}/open then", "connections", MoreIsBetter: true, slow.Open));
        }

        var used = await context.Network.UsageAsync(cancellation);
        figures.Add(new Figure($"{prefix}/memory afterwards", "MB", MoreIsBetter: false, used.ResidentBytes / 1e6));
        return figures;
    }

    private static Task<AnswerRates> ScriptsAsync(BenchContext context, int seconds, CancellationToken cancellation) =>
        new ConfigLoad(context).ScriptsAsync([.. Enumerable.Range(1, 10).Select(number => new SimulatedMachine(number))], seconds, cancellation);

    // Each script is an event of its machine. The peer has no events.
    private static async Task<Figure[]> BesideReadersAsync(Side side, BenchContext context, string token, int seconds, CancellationToken cancellation)
    {
        const int Readers = 500;
        var count = context.Scale == Scale.WarmUp ? 10 : Readers;
        await using var readers = side == Side.Ours ? await EventReaders.OpenAsync(context, token, count, cancellation) : null;
        var before = readers?.Bytes;
        var scripts = await ScriptsAsync(context, seconds, cancellation);
        if (readers?.Bytes - before < (long)count * 1000)
        {
            throw new LabException($"{count} readers of events read {readers?.Bytes - before} bytes in {seconds} s");
        }

        var used = await context.Network.UsageAsync(cancellation);
        var name = string.Create(CultureInfo.InvariantCulture, $"beside {count} readers of events");
        return
        [
            new Figure($"{name}/scripts", "1/s", MoreIsBetter: true, scripts.PerSecond),
            new Figure($"{name}/script, 99 %", "ms", MoreIsBetter: false, scripts.Slow),
            new Figure($"{name}/memory", "MB", MoreIsBetter: false, used.ResidentBytes / 1e6),
        ];
    }

    private static int SlowConnectionCount(Scale scale) => scale == Scale.WarmUp ? 100 : 2_000;

    private static async Task<Figure[]> MeasureAsync(string name, BenchContext context, Func<Task<AnswerRates>> load, int seconds, CancellationToken cancellation)
    {
        var before = await context.Network.UsageAsync(cancellation);
        var rates = await load();
        var after = await context.Network.UsageAsync(cancellation);
        return
        [
            new Figure($"{name}", "1/s", MoreIsBetter: true, rates.PerSecond),
            new Figure($"{name}, half", "ms", MoreIsBetter: false, rates.Median),
            new Figure($"{name}, 99 %", "ms", MoreIsBetter: false, rates.Slow),
            new Figure($"{name}, processor", "ms each", MoreIsBetter: false, (after.Cpu - before.Cpu).TotalMilliseconds / (rates.PerSecond * seconds)),
        ];
    }
}
