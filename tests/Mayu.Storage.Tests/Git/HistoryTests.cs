using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;

namespace Mayu.Storage.Tests.Git;

/// <summary>Histories that others made as well: hands, branches, the first Mayu.</summary>
public sealed class HistoryTests : GitStoreFixture
{
    private static readonly Serial A = Samples.Serial("a");

    [Fact]
    public async Task Commits_by_hand_tell_their_machines_and_fields()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await AddAsync(store, "b");
        await GitProgram.StatusAsync(Cluster);
        await EditAsync("a", "running");
        await EditAsync("b", "installed");
        await GitAsync("commit", "-q", "-a", "-m", "two at once");
        await Eventually.TrueAsync(() => store.Current.Find(A)?.State == MachineState.Running);
        var changes = await store.HistoryAsync(new HistoryQuery { Field = "State", Who = "Hand" }, Token);
        Assert.Equal(["b", "a"], changes.Select(c => c.Serial?.Text));
        Assert.Equal(new FieldChange("State", "\"unknown\"", "\"running\""), Assert.Single(changes[1].Fields));
        Assert.Equal(2, (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Count);
    }

    [Fact]
    public async Task An_amended_commit_of_ours_is_told_by_what_it_changed_not_by_what_it_says()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "b");
        await AddAsync(store, "a");
        await GitProgram.StatusAsync(Cluster);
        await EditAsync("b", "running");
        await GitAsync("commit", "-q", "-a", "--amend", "--no-edit");
        await Eventually.TrueAsync(() => store.Current.Find(Samples.Serial("b"))?.State == MachineState.Running);
        Assert.Equal(2, (await store.HistoryAsync(new HistoryQuery { Serial = Samples.Serial("b") }, Token)).Count);
        Assert.Single(await store.HistoryAsync(new HistoryQuery { Serial = A }, Token));
    }

    [Fact]
    public async Task A_merge_brings_the_changes_of_its_branch_once()
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await AddAsync(store, "b");
        }

        await GitAsync("checkout", "-q", "-b", "side");
        await EditAsync("a", "running");
        await GitAsync("commit", "-q", "-a", "-m", "on the side");
        await GitAsync("checkout", "-q", "-");
        await EditAsync("b", "running");
        await GitAsync("commit", "-q", "-a", "-m", "on the main line");
        await GitAsync("merge", "-q", "--no-edit", "side");
        await using (var store = await OpenAsync())
        {
            Assert.Equal(["on the side", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Select(c => c.What));
            Assert.Equal(["on the main line", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = Samples.Serial("b") }, Token)).Select(c => c.What));
            Assert.Null((await store.HistoryAsync(new HistoryQuery { Limit = 1 }, Token))[0].Serial);
        }
    }

    [Fact]
    public async Task A_history_that_was_rewound_is_read_anew()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        Assert.Equal(2, (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Count);
        await GitProgram.StatusAsync(Cluster);
        await GitAsync("reset", "-q", "--hard", "HEAD~1");
        await Eventually.TrueAsync(() => store.Current.Find(A)!.Overrides.IsEmpty);
        Assert.Single(await store.HistoryAsync(new HistoryQuery { Serial = A }, Token));
        await store.ChangeAsync(Samples.Operator, Samples.Count(A, "m"), Token);
        Assert.Equal(["set m to 1", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Select(c => c.What));
    }

    [Fact]
    public async Task A_field_that_is_asked_for_in_a_history_too_long_to_compare_is_the_askers_error_and_less_of_it_is_answered()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await AddAsync(store, "b");
        await Task.WhenAll(Enumerable.Range(0, 5_000).Select(_ => store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)));
        var refused = await Assert.ThrowsAsync<QuestionTooWideException>(() => store.HistoryAsync(new HistoryQuery { Field = "Cabinet" }, Token));
        Assert.Contains("Cabinet", refused.Message, StringComparison.Ordinal);
        Assert.Contains("shorter time", refused.Message, StringComparison.Ordinal);
        Assert.Empty(await store.HistoryAsync(new HistoryQuery { Field = "Cabinet", Serial = Samples.Serial("b") }, Token));
        Assert.Empty(await store.HistoryAsync(new HistoryQuery { Field = "Cabinet", Since = TimeProvider.System.GetUtcNow().AddHours(1) }, Token));
    }

    [Fact]
    public async Task Once_somebody_has_asked_the_index_follows_by_itself()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        Assert.Equal(0, ((GitCommitter)store.Committer).IndexedChanges);
        await store.HistoryAsync(new HistoryQuery(), Token);
        var asked = ((GitCommitter)store.Committer).IndexedChanges;
        for (var i = 0; i < 300; i++)
        {
            await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        }

        await Eventually.TrueAsync(() => ((GitCommitter)store.Committer).IndexedChanges >= asked + 250);
        Assert.Equal(301, (await store.HistoryAsync(new HistoryQuery { Serial = A, Limit = 1000 }, Token)).Count);
    }

    [Fact]
    public async Task What_was_merged_later_from_another_branch_was_not_so_at_the_time_of_its_commit()
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await AddAsync(store, "b");
        }

        // The times of the commits are from now on what they are said to be.
        var start = TimeProvider.System.GetUtcNow().AddMinutes(1);
        await GitAsync("checkout", "-q", "-b", "side");
        await EditAsync("a", "running");
        await CommitAtAsync(start.AddMinutes(20), "on the side");
        await GitAsync("checkout", "-q", "-");
        await EditAsync("b", "running");
        await CommitAtAsync(start.AddMinutes(10), "on the main line");
        await using (var store = await OpenAsync())
        {
            await store.HistoryAsync(new HistoryQuery(), Token);
            await GitAsync("merge", "-q", "--no-commit", "side");
            await CommitAtAsync(start.AddMinutes(30), "merged");
            await Eventually.TrueAsync(() => store.Current.Find(A)!.State == MachineState.Running);

            // Once by an index that was there before the merge, once by one that is made after it.
            await AssertStatesAsync(store);
        }

        await using (var store = await OpenAsync())
        {
            await AssertStatesAsync(store);
        }

        async Task AssertStatesAsync(MachineStore store)
        {
            Assert.Equal((MachineState.Unknown, MachineState.Unknown), (await StateAsync(store, "a", 5), await StateAsync(store, "b", 5)));
            Assert.Equal((MachineState.Unknown, MachineState.Running), (await StateAsync(store, "a", 25), await StateAsync(store, "b", 25)));
            Assert.Equal((MachineState.Running, MachineState.Running), (await StateAsync(store, "a", 35), await StateAsync(store, "b", 35)));
        }

        async Task<MachineState?> StateAsync(MachineStore store, string serial, int minute) =>
            (await store.MachineAtAsync(Samples.Serial(serial), HistoryPoint.Time(start.AddMinutes(minute)), Token))?.State;

        async Task CommitAtAsync(DateTimeOffset at, string message) =>
            await CommitAsync($"{at.ToUnixTimeSeconds()} +0000", $"{at.ToUnixTimeSeconds()} +0000", message);
    }

    [Fact]
    public async Task A_commit_that_was_picked_from_elsewhere_is_of_the_time_when_it_came()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await GitProgram.StatusAsync(Cluster);
        var before = TimeProvider.System.GetUtcNow();
        await EditAsync("a", "running");
        await CommitAsync("2020-01-02T03:04:05Z", $"{before.AddMinutes(5).ToUnixTimeSeconds()} +0000", "picked");
        await Eventually.TrueAsync(() => store.Current.Find(A)?.State == MachineState.Running);
        Assert.Equal(MachineState.Unknown, (await store.MachineAtAsync(A, HistoryPoint.Time(before.AddMinutes(1)), Token))?.State);
        Assert.Equal("picked", Assert.Single(await store.HistoryAsync(new HistoryQuery { Serial = A, Since = before.AddMinutes(1) }, Token)).What);
    }

    // The store looks at the index when a file changes by hand, under git's lock. Whoever comes second is told to try again, and does.
    private async Task CommitAsync(string authored, string committed, string message)
    {
        var start = new System.Diagnostics.ProcessStartInfo(
            "git", ["-C", Cluster, "-c", "user.name=Hand", "-c", "user.email=hand@example.com", "commit", "-q", "-a", "-m", message])
        {
            Environment = { ["GIT_AUTHOR_DATE"] = authored, ["GIT_COMMITTER_DATE"] = committed },
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        for (var tries = 1; ; tries++)
        {
            using var git = System.Diagnostics.Process.Start(start)!;
            var error = await git.StandardError.ReadToEndAsync(Token);
            await git.WaitForExitAsync(Token);
            if (git.ExitCode == 0)
            {
                return;
            }

            Assert.True(tries < 20 && error.Contains("index.lock", StringComparison.Ordinal), $"git commit ended with {git.ExitCode}: {error}");
            await Task.Delay(50, Token);
        }
    }

    private async Task EditAsync(string serial, string state) => await File.WriteAllTextAsync(
        RecordOf(serial), (await File.ReadAllTextAsync(RecordOf(serial), Token)).Replace("\"unknown\"", $"\"{state}\"", StringComparison.Ordinal), Token);
}
