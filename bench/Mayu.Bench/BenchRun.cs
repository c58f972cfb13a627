using Mayu.Bench.Network;
using Mayu.Lab;

namespace Mayu.Bench;

/// <summary>Runs a benchmark: both sides in turns, round by round, so that what else the machine does meets both.</summary>
internal sealed class BenchRun(IBenchmark benchmark, Scale scale, TextWriter output)
{
    /// <summary>The clone this program was built in.</summary>
    public static string Clone { get; } = FindClone();

    private int Rounds => scale == Scale.Full ? 5 : 2;

    /// <returns>The figures of all rounds.</returns>
    /// <exception cref="LabException">A side failed: lost an answer, or did not start.</exception>
    public async Task<IReadOnlyList<Comparison>> RunAsync(CancellationToken cancellation)
    {
        var (mayu, mayuctl) = (Native("Mayu.Server", "mayu"), Native("Mayu.Ctl", "mayuctl"));

        // Not the system's temporary folder: where that is in memory a durable write costs nothing.
        await using var network = await BenchNetwork.MakeAsync(Path.Combine(Clone, "artifacts", "bench"), cancellation);
        await SayFirstAsync(mayu, network.WorkFolder, cancellation);

        Dictionary<Side, List<IReadOnlyList<Figure>>> rounds = new() { [Side.Ours] = [], [Side.Peer] = [] };
        for (var round = 0; round <= Rounds; round++)
        {
            foreach (var side in new[] { Side.Ours, Side.Peer })
            {
                var context = new BenchContext(network, round == 0 ? Scale.WarmUp : scale, EmptyFolder(network), mayu, mayuctl);
                var figures = await benchmark.MeasureAsync(side, context, cancellation);
                var what = round == 0 ? "warm-up, not counted" : $"round {round} of {Rounds}";
                await output.WriteLineAsync($"bench: {what}, {(side == Side.Ours ? "ours" : "peer")}: {figures[0].Value:0.0} {figures[0].Unit} {figures[0].Name}");
                if (round > 0)
                {
                    rounds[side].Add(figures);
                }
            }
        }

        var comparisons = Comparison.Of(benchmark.Name, rounds[Side.Ours], rounds[Side.Peer]);
        await output.WriteLineAsync($"\n{Report.Table(comparisons)}\nMedians of {Rounds} rounds; a ratio above 1 means better than the peer.");
        return comparisons;
    }

    private async Task SayFirstAsync(string mayu, string folder, CancellationToken cancellation)
    {
        foreach (var line in benchmark.About)
        {
            await output.WriteLineAsync(line);
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync(await BenchMachine.DescribeAsync(folder, [(mayu, "--version"), .. benchmark.Versions], cancellation));
        await output.WriteLineAsync();
    }

    private static string Native(string project, string program)
    {
        var path = Path.Combine(Clone, "artifacts", "publish", project, "release_linux-x64", program);
        return File.Exists(path) ? path : throw new LabException($"the program {program} is not at {path}: run bench/run, or lab/setup native");
    }

    private static string EmptyFolder(BenchNetwork network)
    {
        var folder = Path.Combine(network.WorkFolder, "run");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>The clone this program was built in: the nearest folder above it with the solution.</summary>
    private static string FindClone()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mayu.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside a clone of Mayu.");
        }

        return folder.FullName;
    }
}
