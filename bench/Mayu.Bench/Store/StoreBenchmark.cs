using System.Diagnostics;
using System.Globalization;

namespace Mayu.Bench.Store;

/// <summary>Durable changes of machines' records, and the history of them, beside a git process a change.</summary>
internal sealed class StoreBenchmark : IBenchmark
{
    // More than this at once is one batch for the store: what 1,000 machines that are switched on together do.
    private const int RegisteredTogether = 1000;

    /// <inheritdoc/>
    public string Name => "store";

    /// <inheritdoc/>
    public IReadOnlyList<string> About { get; } =
    [
        "store: record changes that are flushed to disk and to the git history before they are acknowledged",
        "ours: Mayu's git store in this process (JIT), with 1, 8 and 64 writers that each wait for their answer",
        "peer: git add and git commit per change, with core.fsync=all, as Mayu 1 did but durable; its lock allows one writer,",
        "      so its one rate is compared with all our writers. It registers 100 machines, ours 1,000",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(string Program, string Argument)> Versions { get; } = [("git", "--version")];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Figure>> MeasureAsync(Side side, BenchContext context, CancellationToken cancellation)
    {
        var (sizes, writers, seconds) = context.Scale switch
        {
            Scale.Full => (new[] { 100, 1000, 10_000 }, new[] { 1, 8, 64 }, 4.0),
            Scale.Quick => ([100], [1, 8], 1.0),
            _ => ([20], [8], 0.3),
        };
        var figures = new List<Figure>();
        foreach (var machines in sizes)
        {
            var folder = Path.Combine(context.Folder, machines.ToString(CultureInfo.InvariantCulture));
            await using IRecordKeeper keeper = side == Side.Ours
                ? await StoreKeeper.OpenAsync(folder, cancellation)
                : await GitProcessKeeper.OpenAsync(folder, cancellation);
            await keeper.FillAsync(machines, cancellation);
            var alone = 0.0;
            foreach (var count in writers)
            {
                // A second process would only wait for the first one's index.lock.
                var rate = side == Side.Peer && alone > 0 ? alone : await RateAsync(keeper, machines, count, TimeSpan.FromSeconds(seconds), cancellation);
                alone = rate;
                figures.Add(new Figure($"{machines} machines/{count} writers", "1/s", MoreIsBetter: true, rate));
            }
        }

        figures.Add(await RegistrationAsync(side, context, cancellation));
        return figures;
    }

    private static async Task<double> RateAsync(IRecordKeeper keeper, int machines, int writers, TimeSpan time, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, keeper.TakesMany ? writers : 1).Select(async writer =>
        {
            for (var i = writer; clock.Elapsed < time; i += writers)
            {
                await keeper.ChangeAsync(i % machines, i, cancellation);
                Interlocked.Increment(ref done);
            }
        }));
        return done / clock.Elapsed.TotalSeconds;
    }

    private static async Task<Figure> RegistrationAsync(Side side, BenchContext context, CancellationToken cancellation)
    {
        var folder = Path.Combine(context.Folder, "registration");
        await using IRecordKeeper keeper = side == Side.Ours
            ? await StoreKeeper.OpenAsync(folder, cancellation)
            : await GitProcessKeeper.OpenAsync(folder, cancellation);
        var machines = (context.Scale == Scale.Full ? RegisteredTogether : RegisteredTogether / 20) / (keeper.TakesMany ? 1 : 10);
        var clock = Stopwatch.StartNew();
        await keeper.RegisterAsync(machines, cancellation);
        return new Figure("new machines", "1/s", MoreIsBetter: true, machines / clock.Elapsed.TotalSeconds);
    }
}
