using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Tests.Git;

/// <summary>
/// A file that holds what the commit before had. The list of what a commit puts in place tells what a crash left behind; whatever else differs from the
/// history is an edit.
/// </summary>
public sealed class RecoveryTests : GitStoreFixture
{
    private const string Edit = """{"Serial":"a","State":"running"}""";

    private static readonly Serial A = Samples.Serial("a");
    private static readonly Pin Pin = new(Samples.Key("serial:b")) { Profile = "core" };

    private string Stage => Path.Combine(Cluster, ".git", "mayu", "stage");

    [Fact]
    public async Task What_a_crash_left_behind_is_brought_up_whatever_it_was()
    {
        await DieAsync(
            Samples.Count(A, "n"), Samples.Add(Samples.Machine("new")), Samples.Delete(Samples.Serial("old")), Samples.PutPin(Pin));
        Assert.True(File.Exists(RecordOf("old")));
        await using var store = await OpenAsync();
        Assert.Equal("1", store.Current.Find(A)?.Overrides["n"]);
        Assert.NotNull(store.Current.Find(Samples.Serial("new")));
        Assert.Null(store.Current.Find(Samples.Serial("old")));
        Assert.False(Directory.Exists(Path.Combine(Cluster, "old")));
        Assert.Equal([Pin], store.Current.Pins);
        Assert.Empty(store.Quarantined);
        Assert.Equal(["set n to 1", "added"], await HistoryAsync(store));
        await AssertSoundAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Stage));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_content_before_the_last_change_is_an_edit_where_that_change_was_put_in_place(bool deletes)
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await store.ChangeAsync(Samples.Operator, deletes ? Samples.Delete(A) : Samples.Count(A, "n"), Token);
        }

        await GitAsync("checkout", "-q", "HEAD~1", "--", "a/conf.json");
        await using (var store = await OpenAsync())
        {
            Assert.Equal("", store.Current.Find(A)?.Overrides.GetValueOrDefault("n", ""));
            Assert.Equal(3, (await HistoryAsync(store)).Count);
            await AssertSoundAsync();
        }
    }

    [Fact]
    public async Task An_edit_between_crash_and_start_is_taken_over_as_a_later_change()
    {
        await DieAsync(Samples.Count(A, "n"));
        await File.WriteAllTextAsync(RecordOf("a"), Edit, Token);
        await using var store = await OpenAsync();
        Assert.Equal(MachineState.Running, store.Current.Find(A)?.State);
        Assert.Equal(["edited by hand", "set n to 1", "added"], await HistoryAsync(store));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_folder_that_is_taken_away_between_crash_and_start_is_brought_back()
    {
        await DieAsync(Samples.Count(A, "n"));
        Directory.Delete(Path.Combine(Cluster, "a"), recursive: true);
        await using var store = await OpenAsync();
        Assert.Equal("1", store.Current.Find(A)?.Overrides["n"]);
        Assert.Empty(store.Quarantined);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_symbolic_link_in_the_place_of_the_folder_between_crash_and_start_harms_its_own_machine_alone()
    {
        await DieAsync(Samples.Count(A, "n"));
        var elsewhere = Path.Combine(Path.GetDirectoryName(Cluster)!, "elsewhere");
        Directory.Move(Path.Combine(Cluster, "a"), elsewhere);
        Directory.CreateSymbolicLink(Path.Combine(Cluster, "a"), elsewhere);
        var before = await File.ReadAllTextAsync(Path.Combine(elsewhere, "conf.json"), Token);
        await using var store = await OpenAsync();
        Assert.Equal("a/conf.json", Assert.Single(store.Quarantined).Name);
        Assert.NotNull((await AddAsync(store, "b")).Machine);
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(elsewhere, "conf.json"), Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_by_hand_between_crash_and_start_takes_no_answered_change_back(bool fromStaleIndex)
    {
        await DieAsync(Samples.Count(A, "n"), Samples.Delete(Samples.Serial("old")));
        if (fromStaleIndex)
        {
            await GitAsync("commit", "-q", "--allow-empty", "-m", "by hand");
        }
        else
        {
            await GitAsync("update-ref", await GitAsync("symbolic-ref", "HEAD"), await GitAsync("commit-tree", "-p", "HEAD", "-m", "by hand", "HEAD^{tree}"));
        }

        await using var store = await OpenAsync();
        Assert.Equal("1", store.Current.Find(A)?.Overrides.GetValueOrDefault("n"));
        // The stale index has the deleted machine, and so that commit: to the server somebody brought it back.
        Assert.Equal(fromStaleIndex, store.Current.Find(Samples.Serial("old")) is not null);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task The_list_of_a_commit_that_the_branch_does_not_lead_to_is_not_carried_out()
    {
        await DieAsync(Samples.Count(A, "n"));
        await GitAsync("update-ref", await GitAsync("symbolic-ref", "HEAD"), "HEAD~1");
        await using var store = await OpenAsync();
        Assert.False(store.Current.Find(A)!.Overrides.ContainsKey("n"));
        Assert.Equal(["added"], await HistoryAsync(store));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Stage));
        await AssertSoundAsync();
    }

    [Theory]
    [InlineData("[{\"From\":\"file-0\",")]
    [InlineData("{}")]
    [InlineData("[{\"To\":\"a/conf.json\",\"Former\":\"0123\"}]")]
    public async Task A_damaged_list_of_what_is_to_be_put_in_place_is_named(string content)
    {
        await DieAsync(Samples.Count(A, "n"));
        var list = Assert.Single(Directory.GetFiles(Stage, "batch-*.json"));
        await File.WriteAllTextAsync(list, content, Token);
        Assert.Contains(list, (await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync())).Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> HistoryAsync(MachineStore store) =>
        [.. (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Select(c => c.What)];

    // The branch is moved, and no file: what kill -9 leaves, which CrashTests do for real. All are in one batch.
    private async Task DieAsync(params Func<ClusterSnapshot, Proposal>[] changes)
    {
        using var gate = new ManualResetEventSlim();
        using var reached = new ManualResetEventSlim();
        var (holding, failing) = (false, false);
        await using var store = await OpenAsync(step =>
        {
            if (holding && step == CommitStep.Begin)
            {
                reached.Set();
                gate.Wait(Token);
            }

            if (failing && step == CommitStep.Committed)
            {
                throw new IOException("Input/output error");
            }

            failing |= holding && step == CommitStep.Finished;
        });
        await AddAsync(store, "a");
        await AddAsync(store, "old");
        holding = true;
        var first = AddAsync(store, "first");
        reached.Wait(Token);
        var waiting = Task.WhenAll(changes.Select(change => store.ChangeAsync(Samples.Operator, change, Token)));
        gate.Set();
        await first;
        Assert.All(await waiting, outcome => Assert.Null(outcome.Refusal));
    }
}
