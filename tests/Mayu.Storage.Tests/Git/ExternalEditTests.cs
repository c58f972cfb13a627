using Mayu.Core.Machines;
using Mayu.Primitives;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Tests.Git;

/// <summary>What somebody does by hand in the cluster directory while the server runs, with no change of the machine through Mayu.</summary>
public sealed class ExternalEditTests : GitStoreFixture
{
    private static readonly Serial A = Samples.Serial("a");

    [Fact]
    public async Task An_edited_record_is_taken_over_with_a_commit_of_its_own()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await AddAsync(store, "b");
        await EditAsync("a", t => t.Replace("\"unknown\"", "\"running\"", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => store.Current.Find(A)?.State == MachineState.Running);
        Assert.Equal(["edited by hand", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Select(c => c.What));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task An_edit_that_cannot_be_read_is_named_stays_as_it_is_and_is_healed_when_it_is_mended()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        var good = await File.ReadAllTextAsync(RecordOf("a"), Token);
        await File.WriteAllTextAsync(RecordOf("a"), "{ \"Serial\": \"a\", oops", Token);
        await Eventually.TrueAsync(() => store.Quarantined.Count == 1);
        Assert.Equal("a/conf.json", store.Quarantined[0].Name);
        Assert.NotNull(store.Current.Find(A));
        Assert.Null(store.Trouble);
        Assert.NotNull((await AddAsync(store, "b")).Machine);
        Assert.Equal("{ \"Serial\": \"a\", oops", await File.ReadAllTextAsync(RecordOf("a"), Token));

        await File.WriteAllTextAsync(RecordOf("a"), good, Token);
        await Eventually.TrueAsync(() => store.Quarantined.Count == 0);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_change_of_a_machine_whose_file_is_spoilt_goes_through_and_the_file_is_kept_aside()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await File.WriteAllTextAsync(RecordOf("a"), "half an ed", Token);
        await Eventually.TrueAsync(() => store.Quarantined.Count == 1);
        Assert.NotNull((await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Machine);
        Assert.Empty(store.Quarantined);
        Assert.Equal("half an ed", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(Cluster, ".git", "mayu", "rejected"))), Token));
        await AssertSoundAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_edit_in_the_midst_of_a_change_of_the_same_record_is_kept_aside(bool deletes)
    {
        const string Edit = """{"Serial":"a","State":"running"}""";
        var hands = false;
        await using var store = await OpenAsync(step => Write(step, ref hands, Edit));
        await AddAsync(store, "a");
        hands = true;
        await store.ChangeAsync(Samples.Operator, deletes ? Samples.Delete(A) : Samples.Count(A, "n"), Token);
        Assert.False(hands);
        Assert.Equal(deletes ? null : MachineState.Unknown, store.Current.Find(A)?.State);
        Assert.Equal(Edit, await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.Combine(Cluster, ".git", "mayu", "rejected"))), Token));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task An_edit_in_the_midst_of_taking_an_edit_over_is_taken_over_after_it()
    {
        var hands = false;
        await using var store = await OpenAsync(step => Write(step, ref hands, """{"Serial":"a","State":"running"}"""));
        await AddAsync(store, "a");
        await File.WriteAllTextAsync(RecordOf("a"), """{"Serial":"a","State":"installed"}""", Token);
        hands = true;
        await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        Assert.False(hands);
        Assert.Equal((MachineState.Running, "1"), (store.Current.Find(A)!.State, store.Current.Find(A)!.Overrides["n"]));
        Assert.Equal(["set n to 1", "edited by hand", "edited by hand", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Select(c => c.What));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_commit_by_hand_is_noticed_and_so_are_revert_and_checkout()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await GitProgram.StatusAsync(Cluster);
        await EditAsync("a", t => t.Replace("\"unknown\"", "\"running\"", StringComparison.Ordinal));
        await GitAsync("commit", "-q", "-a", "-m", "it runs, I saw it");
        await Eventually.TrueAsync(() => store.Current.Find(A)?.State == MachineState.Running);
        Assert.Equal("it runs, I saw it", (await store.HistoryAsync(new HistoryQuery { Serial = A, Limit = 1 }, Token))[0].What);

        await GitAsync("revert", "--no-edit", "HEAD");
        await Eventually.TrueAsync(() => store.Current.Find(A)?.State == MachineState.Unknown);
        await GitAsync("checkout", "-q", "HEAD~1");
        await Eventually.TrueAsync(() => store.Current.Find(A)?.State == MachineState.Running);
        await GitAsync("checkout", "-q", "-");
        await Eventually.TrueAsync(() => store.Current.Find(A)?.State == MachineState.Unknown);
        await AddAsync(store, "b");
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_commit_by_hand_from_an_index_that_was_behind_takes_no_change_back()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await GitProgram.StatusAsync(Cluster);
        await GitAsync("rm", "-q", "--cached", "a/conf.json");
        await GitAsync("commit", "-q", "-m", "what a stale index does");
        await AddAsync(store, "b");
        Assert.NotNull(store.Current.Find(A));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_commit_by_hand_from_an_index_that_was_behind_brings_no_deleted_machine_back()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await AddAsync(store, "b");
        await GitProgram.StatusAsync(Cluster);
        var index = Path.Combine(Cluster, ".git", "index");
        var behind = await File.ReadAllBytesAsync(index, Token);
        await store.ChangeAsync(Samples.Operator, Samples.Delete(A), Token);
        await GitProgram.StatusAsync(Cluster);
        await File.WriteAllBytesAsync(index, behind, Token);
        await GitAsync("commit", "-q", "--allow-empty", "-m", "what a stale index does");
        await Eventually.TrueAsync(() => GitProgram.TryAsync(Cluster, "log", "-1", "--format=%s").Result.Text == "a: deleted again");
        Assert.Null(store.Current.Find(A));
        Assert.Empty(store.Quarantined);
        Assert.NotNull((await AddAsync(store, "c")).Machine);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task To_check_an_older_version_of_a_record_out_is_an_edit_like_any_other()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        await GitProgram.StatusAsync(Cluster);
        await GitAsync("checkout", "-q", "HEAD~1", "--", "a/conf.json");
        await Eventually.TrueAsync(() => store.Current.Find(A)!.Overrides.IsEmpty);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_machine_that_was_removed_with_git_rm_is_gone()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await AddAsync(store, "b");
        await GitProgram.StatusAsync(Cluster);
        await GitAsync("rm", "-q", "-r", "a");
        await GitAsync("commit", "-q", "-m", "gone");
        await Eventually.TrueAsync(() => store.Current.Find(A) is null);
        Assert.Empty(store.Quarantined);
        Assert.NotNull((await AddAsync(store, "a")).Machine);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_record_that_was_taken_away_is_named_served_on_and_written_again_with_its_next_change()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        Directory.Delete(Path.Combine(Cluster, "a"), recursive: true);
        await Eventually.TrueAsync(() => store.Quarantined.Count == 1);
        Assert.NotNull(store.Current.Find(A));
        await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        Assert.Empty(store.Quarantined);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_new_folder_with_a_record_is_taken_over_and_another_folder_is_left_alone()
    {
        await using var store = await OpenAsync();
        Directory.CreateDirectory(Path.Combine(Cluster, "notes"));
        Directory.CreateDirectory(Path.Combine(Cluster, "c"));
        await Task.Delay(50, Token);
        await File.WriteAllTextAsync(RecordOf("c"), """{"Serial":"c","State":"running"}""", Token);
        await Eventually.TrueAsync(() => store.Current.Find(Samples.Serial("c"))?.State == MachineState.Running);
        Assert.Empty(store.Quarantined);
        Assert.Equal(1, store.Current.Count);
    }

    [Fact]
    public async Task Two_records_with_one_address_are_seen_and_healed_while_running()
    {
        var address = Samples.Address("10.0.0.1");
        await using var store = await OpenAsync();
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a") with { InternalAddress = address, State = MachineState.Running }), Token);
        await AddAsync(store, "b");
        await EditAsync("b", _ => """{"Serial":"b","AdditionalAddrs":{"eth1":"10.0.0.1"}}""");
        await Eventually.TrueAsync(() => store.Quarantined.Count == 1);
        Assert.Equal(["a"], store.Current.Machines.Select(m => m.Serial.Text));
        await EditAsync("b", _ => """{"Serial":"b","AdditionalAddrs":{"eth1":"10.0.0.2"}}""");
        await Eventually.TrueAsync(() => store.Quarantined.Count == 0);
        Assert.Equal(2, store.Current.Count);
    }

    [Fact]
    public async Task A_head_that_names_a_damaged_commit_is_told_and_heals()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await GitAsync("commit", "-q", "--allow-empty", "-m", "soon to be damaged");
        var commit = await GitAsync("rev-parse", "HEAD");
        await Eventually.TrueAsync(() => store.Trouble is null);
        var path = Path.Combine(Cluster, ".git", "objects", commit[..2], commit[2..]);
        var whole = await File.ReadAllBytesAsync(path, Token);
        await AddAsync(store, "b");
        File.Delete(path);
        await File.WriteAllTextAsync(path, "rubbish", Token);
        await GitAsync("update-ref", "refs/heads/other", "HEAD");
        await File.WriteAllTextAsync(Path.Combine(Cluster, ".git", "HEAD"), commit + "\n", Token);
        // Between the emptying of HEAD and the writing of it the store may have seen it empty, which is told first.
        await Eventually.TrueAsync(() => store.Trouble?.Contains(commit, StringComparison.Ordinal) == true);
        Assert.NotNull(store.Current.Find(Samples.Serial("b")));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(store, "c"));

        await File.WriteAllTextAsync(Path.Combine(Cluster, ".git", "HEAD"), "ref: refs/heads/other\n", Token);
        await File.WriteAllBytesAsync(path, whole, Token);
        await Eventually.TrueAsync(() => store.Trouble is null);
        Assert.NotNull((await AddAsync(store, "c")).Machine);
        Assert.Equal(3, store.Current.Count);
    }

    private void Write(CommitStep step, ref bool hands, string text)
    {
        if (hands && step == CommitStep.Committed)
        {
            hands = false;
            File.WriteAllText(RecordOf("a"), text);
        }
    }

    private async Task EditAsync(string serial, Func<string, string> edit) =>
        await File.WriteAllTextAsync(RecordOf(serial), edit(await File.ReadAllTextAsync(RecordOf(serial), Token)), Token);
}
