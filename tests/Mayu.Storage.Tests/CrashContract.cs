using System.Diagnostics;
using Mayu.Core.Machines;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Tests;

/// <summary>
/// The process dies with SIGKILL under writers, whatever the store is. What it acknowledged is there; what it did not is wholly in or wholly out.
/// </summary>
public abstract class CrashContract : IDisposable
{
    /// <summary>How many write at once.</summary>
    protected const int Writers = 8;

    // `./test full` runs the long count. What it measures is in docs/benchmarks.md; no machine that tests run on is as slow as LongestStart.
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("TEST_LEVEL") == "full";
    private static readonly int Crashes = IsFull ? 200 : 6;
    private static readonly int Machines = IsFull ? 2_000 : 400;
    private static readonly int Changes = IsFull ? 2_000 : 50;
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    private readonly TemporaryDirectory _directory = new();

    /// <summary>The failpoints: an abort between each two writes, and before the first and after the last.</summary>
    public static TheoryData<string> Steps =>
    [
        nameof(CommitStep.Begin), nameof(CommitStep.Staged), nameof(CommitStep.Prepared), nameof(CommitStep.Committed), nameof(CommitStep.RecordMoved),
        nameof(CommitStep.Finished),
    ];

    /// <summary>The cluster directory.</summary>
    protected string Cluster => _directory.File("cluster");

    /// <summary>Which store the writing process opens.</summary>
    protected abstract string Kind { get; }

    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Every_step_is_a_failpoint() => Assert.Equal(Enum.GetNames<CommitStep>().Order(), Steps.Select(row => row.Data).Order());

    [Fact]
    public async Task After_kill_9_at_random_moments_every_acknowledged_change_is_there()
    {
        var random = new Random(20_261_122);
        var expected = new Dictionary<string, int>(StringComparer.Ordinal);
        var starts = new List<TimeSpan>();
        await WriterProcess.FillAsync(Kind, Cluster, Machines);
        for (var i = 0; i < Machines; i++)
        {
            expected.Add($"machine-{i:d5}", 1);
        }

        for (var i = 0; i < Crashes || expected.Values.Sum() - Machines < Changes; i++)
        {
            using var writer = WriterProcess.Start(Kind, Cluster, Writers, Machines);
            await (i % 8 == 7 ? writer.KillAfterMillisecondsAsync(random.Next(1000)) : writer.KillAfterAsync(random.Next(1, 60)));
            starts.Add(await CheckAsync(expected, writer));
        }

        Assert.Equal(Machines, expected.Count);
        starts.Sort();
        Assert.InRange(starts[^1], TimeSpan.Zero, LongestStart);
        Console.WriteLine(
            $"{Kind}: {starts.Count} kills, {expected.Values.Sum() - Machines} changes, {Machines} machines: open again after {starts[starts.Count / 2].TotalMilliseconds:f0} ms "
            + $"(median), {starts[^1].TotalMilliseconds:f0} ms (worst)");
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task After_dying_at_a_step_every_acknowledged_change_is_there(string step)
    {
        var expected = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var count in (string[])["2", "5"])
        {
            using var writer = WriterProcess.Start(Kind, Cluster, Writers, Machines, step, count);
            await writer.ReadToEndAsync();
            await CheckAsync(expected, writer);
        }
    }

    /// <summary>Opens the store that the process left.</summary>
    protected abstract Task<IMachineStore> OpenAsync();

    /// <summary>Checks what only this kind of store has.</summary>
    /// <param name="store">The store.</param>
    /// <param name="counted">How often machines were counted up in all.</param>
    protected virtual Task CheckAsync(IMachineStore store, int counted) => Task.CompletedTask;

    // Says how long the start after the crash took.
    private async Task<TimeSpan> CheckAsync(Dictionary<string, int> expected, WriterProcess writer)
    {
        foreach (var (serial, value) in writer.Acknowledged)
        {
            expected[serial] = value;
        }

        var clock = Stopwatch.StartNew();
        await using var store = await OpenAsync();
        var start = clock.Elapsed;
        Assert.Empty(store.Quarantined);
        var found = store.Current.Machines.Where(IsCounter).ToDictionary(m => m.Serial.Text, m => int.Parse(m.Overrides["n"]), StringComparer.Ordinal);
        foreach (var (serial, value) in expected)
        {
            // Each writer has at most one change under way that nobody was told of.
            Assert.InRange(found.GetValueOrDefault(serial), value, value + 1);
        }

        Assert.InRange(found.Values.Sum() - expected.Values.Sum(), 0, Writers);
        foreach (var (name, tried) in writer.Guests.Where(g => g.Key.StartsWith("trying-", StringComparison.Ordinal)))
        {
            AssertGuest(store.Current, name["trying-".Length..], writer.Guests.GetValueOrDefault(name["trying-".Length..]), tried);
        }

        await CheckAsync(store, found.Values.Sum());
        foreach (var (serial, value) in found)
        {
            expected[serial] = value;
        }

        return start;
    }

    private static bool IsCounter(Machine machine) => machine.Serial.Text.StartsWith("machine-", StringComparison.Ordinal);

    private static void AssertGuest(ClusterSnapshot snapshot, string name, long acknowledged, long tried)
    {
        var found = name.StartsWith("pin", StringComparison.Ordinal)
            ? snapshot.FindPin(PinKey.Of(Samples.Serial(name.Replace("pin", "pinned", StringComparison.Ordinal))))?.Profile
            : snapshot.Find(Samples.Serial(name))?.Profile;
        if (acknowledged == tried)
        {
            Assert.Equal(tried % 2 == 0 ? null : $"{tried}", found);
        }
        else if (tried % 2 != 0)
        {
            Assert.True(found is null || found == $"{tried}", $"{name}: {found}");
        }
        else if (acknowledged != 0)
        {
            Assert.True(found is null || found == $"{acknowledged}", $"{name}: {found}");
        }
    }
}
