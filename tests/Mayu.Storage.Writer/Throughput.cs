using System.Diagnostics;
using Mayu.Storage.Git;

namespace Mayu.Storage.Writer;

/// <summary>How many durable changes a second the store takes.</summary>
internal static class Throughput
{
    public static async Task MeasureAsync(string directory, int machines, int writers, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        await using var store = await Counters.OpenAsync("git", directory, new GitOptions());
        var opened = clock.Elapsed;
        clock.Restart();
        await Task.WhenAll(Enumerable.Range(0, machines).Where(i => store.Current.Find(Counters.Serial(i)) is null)
            .Select(i => Counters.AddAsync(store, Counters.Serial(i))));
        var filled = clock.Elapsed;

        clock.Restart();
        var done = 0;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            for (var i = writer; clock.Elapsed < duration; i += writers)
            {
                await Counters.AddAsync(store, Counters.Serial(i % machines));
                Interlocked.Increment(ref done);
            }
        }));
        Console.WriteLine(
            $"machines {machines} writers {writers}: {done / clock.Elapsed.TotalSeconds:f0} durable changes/s "
            + $"(opened in {opened.TotalMilliseconds:f0} ms, filled in {filled.TotalMilliseconds:f0} ms, {Environment.WorkingSet >> 20} MB)");
    }
}
