using LibGit2Sharp;
using Mayu.Core.Machines;
using Mayu.Linux.Tests;
using Mayu.Primitives;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;

namespace Mayu.Storage.Tests.Git;

/// <summary>The repository is harmed under a running server: it is told with no change coming, nothing is lost, and all is well again when it is mended.</summary>
public sealed class HarmedRepositoryTests : GitStoreFixture
{
    private static readonly Serial A = Samples.Serial("a");

    [Theory]
    [InlineData(".git")]
    [InlineData(".git/HEAD")]
    [InlineData(".git/objects")]
    [InlineData(".git/refs")]
    [InlineData(".git/refs/heads")]
    [InlineData(".git/<branch>")]
    public async Task A_part_that_vanishes_is_told_and_when_it_is_back_changes_go_through(string part)
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        var path = await PathOfAsync(part);
        Directory.Move(path, path + "-gone");
        await AssertTroubleAsync(store);
        Assert.False(Path.Exists(path));

        Directory.Move(path + "-gone", path);
        await AssertHealedAsync(store);
    }

    [Theory]
    [InlineData(".git/HEAD", "")]
    [InlineData(".git/HEAD", "ref: refs/heads/nobody-made-it\n")]
    [InlineData(".git/HEAD", "\0\0\0\0\0\0\0\0")]
    [InlineData(".git/<branch>", "")]
    [InlineData(".git/<branch>", "no commit at all\n")]
    [InlineData(".git/<branch>", "0123456789012345678901234567890123456789\n")]
    public async Task A_reference_that_is_spoilt_is_told_and_when_it_is_mended_changes_go_through(string part, string content)
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        var path = await PathOfAsync(part);
        var good = await File.ReadAllTextAsync(path, Token);
        await File.WriteAllTextAsync(path, content, Token);
        await AssertTroubleAsync(store);

        await File.WriteAllTextAsync(path, good, Token);
        await AssertHealedAsync(store);
    }

    [Fact]
    public async Task An_empty_folder_in_the_place_of_the_objects_takes_no_change()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        var path = await PathOfAsync(".git/objects");
        Directory.Move(path, path + "-gone");
        Directory.CreateDirectory(Path.Combine(path, "pack"));
        await AssertTroubleAsync(store);

        Directory.Delete(path, recursive: true);
        Directory.Move(path + "-gone", path);
        await AssertHealedAsync(store);
    }

    [Fact]
    public async Task No_new_history_is_begun_where_the_branch_is_gone_though_there_are_commits()
    {
        string branch;
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            branch = await PathOfAsync(".git/<branch>");
        }

        var commit = await File.ReadAllTextAsync(branch, Token);
        File.Delete(branch);
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync());
        Assert.Contains("update-ref", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(branch));

        await File.WriteAllTextAsync(branch, commit, Token);
        await using (var store = await OpenAsync())
        {
            await AssertHealedAsync(store);
        }
    }

    [Theory]
    [InlineData(".git/objects")]
    [InlineData(".git/objects/pack")]
    public async Task Objects_that_permissions_close_are_not_called_removed(string part)
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
        }

        await GitAsync("gc", "-q");
        var (last, closed) = (await GitAsync("rev-parse", "HEAD"), Path.Combine(Cluster, part));
        File.SetUnixFileMode(Path.GetDirectoryName(Cluster)!, (UnixFileMode)0x1ED);
        OtherUser.Give(Cluster);
        var mode = File.GetUnixFileMode(closed);
        File.SetUnixFileMode(closed, UnixFileMode.None);

        var told = Assert.Throws<IOException>(() => OtherUser.Do(() => HistoryGuard.DemandObjects(new ClusterLayout(Cluster), new ObjectId(last), former: null)));
        Assert.StartsWith($"The last commit {last} cannot be read: {closed} is not readable for the user ", told.Message, StringComparison.Ordinal);
        Assert.EndsWith($": {Cluster}", told.Message, StringComparison.Ordinal);
        File.SetUnixFileMode(closed, mode);
    }

    [Fact]
    public async Task A_newest_commit_that_somebody_pruned_is_told_with_the_one_before_and_the_records_bring_back_what_it_held()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
        var (last, before, branch) = (await GitAsync("rev-parse", "HEAD"), await GitAsync("rev-parse", "HEAD~1"), await GitAsync("symbolic-ref", "HEAD"));
        File.Delete(Path.Combine(Cluster, ".git", "objects", last[..2], last[2..]));
        await Eventually.TrueAsync(() => store.Trouble?.Contains(before, StringComparison.Ordinal) == true);

        await GitAsync("update-ref", "--no-deref", branch, before);
        await Eventually.TrueAsync(() => store.Trouble is null);
        Assert.Equal("1", store.Current.Find(A)?.Overrides["n"]);
        Assert.Equal(["edited by hand", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Select(c => c.What));
        // What git itself wrote down of the update still names the commit that is gone.
        await GitAsync("reflog", "expire", "--expire=all", "--all");
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_head_that_is_detached_while_running_takes_changes_and_the_branch_takes_them_over()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await GitProgram.StatusAsync(Cluster);
        await GitAsync("checkout", "-q", "--detach");
        await AddAsync(store, "b");
        Assert.NotEqual(0, (await GitProgram.TryAsync(Cluster, "symbolic-ref", "-q", "HEAD")).ExitCode);
        Assert.Equal("b: added", await GitAsync("log", "-1", "--format=%s", "HEAD"));
        await GitProgram.StatusAsync(Cluster);
        await GitAsync("checkout", "-q", "-B", "kept", "HEAD");
        await AddAsync(store, "c");
        Assert.Equal("c: added\nb: added\na: added\nA new cluster", await GitAsync("log", "--format=%s", "kept"));
        Assert.Null(store.Trouble);
        await AssertSoundAsync();
    }

    [Fact]
    public async Task An_index_lock_that_is_left_over_while_running_stops_no_change_and_goes_in_time()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await GitProgram.StatusAsync(Cluster);
        var left = Path.Combine(Cluster, ".git", "index.lock");
        await File.WriteAllTextAsync(left, "", Token);
        await AddAsync(store, "b");
        Assert.Equal("b: added", await GitAsync("log", "-1", "--format=%s"));
        Assert.True(File.Exists(left));

        File.SetLastWriteTimeUtc(left, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));
        await Eventually.TrueAsync(() => !File.Exists(left));
        await AssertSoundAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_object_that_is_damaged_while_running_harms_no_other_machine_and_no_change(bool packed)
    {
        string text;
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await AddAsync(store, "b");
            await GitProgram.StatusAsync(Cluster);
            await GitDamage.DamageAsync(Cluster, await GitAsync("rev-parse", "HEAD:a/conf.json"), packed);
            Assert.NotNull((await AddAsync(store, "c")).Machine);
            Assert.Equal("1", (await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token)).Machine?.Overrides["n"]);
            Assert.Equal(["set n to 1", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Select(c => c.What));
            var damaged = (await store.HistoryAsync(new HistoryQuery { WithFields = true }, Token)).Where(c => c.What.Contains("is damaged", StringComparison.Ordinal));
            Assert.All(damaged, c => Assert.Equal(A, c.Serial));
            Assert.Equal(2, damaged.Count());
            Assert.Null(store.Trouble);
            text = await File.ReadAllTextAsync(RecordOf("a"), Token);
        }

        // The damaged one is in no file: only the history of that time cannot be shown.
        await using (var store = await OpenAsync())
        {
            Assert.Empty(store.Quarantined);
            Assert.Equal(3, store.Current.Count);
            Assert.Equal(text, await File.ReadAllTextAsync(RecordOf("a"), Token));
            Assert.NotNull((await AddAsync(store, "d")).Machine);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_machine_whose_file_and_object_are_both_damaged_nothing_is_served_and_all_others_are(bool packed)
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await AddAsync(store, "b");
        }

        await GitDamage.DamageAsync(Cluster, await GitAsync("rev-parse", "HEAD:a/conf.json"), packed);
        await File.WriteAllTextAsync(RecordOf("a"), "rubbish", Token);
        await using (var store = await OpenAsync())
        {
            Assert.Equal("a/conf.json", Assert.Single(store.Quarantined).Name);
            Assert.Equal(["b"], store.Current.Machines.Select(m => m.Serial.Text));
            Assert.NotNull((await AddAsync(store, "c")).Machine);
        }
    }

    [Fact]
    public async Task Where_the_newest_commit_is_damaged_the_records_give_back_what_it_held()
    {
        string branch;
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await AddAsync(store, "b");
            await store.ChangeAsync(Samples.Operator, Samples.Count(A, "n"), Token);
            branch = await GitAsync("symbolic-ref", "HEAD");
        }

        var (last, before) = (await GitAsync("rev-parse", "HEAD"), await GitAsync("rev-parse", "HEAD~1"));
        await GitDamage.DamageAsync(Cluster, last, packed: false);
        Assert.Contains(last, (await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync())).Message, StringComparison.Ordinal);

        await GitAsync("update-ref", "--no-deref", branch, before);
        await using (var store = await OpenAsync())
        {
            Assert.Equal("1", store.Current.Find(A)?.Overrides["n"]);
            Assert.Equal(["edited by hand", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Select(c => c.What));
        }
    }

    private async Task<string> PathOfAsync(string part) =>
        Path.Combine(Cluster, part.Replace("<branch>", await GitAsync("symbolic-ref", "HEAD"), StringComparison.Ordinal));

    private async Task AssertTroubleAsync(MachineStore store)
    {
        await Eventually.TrueAsync(() => store.Trouble is not null);
        Assert.Contains(Cluster, store.Trouble, StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => AddAsync(store, "b"));
        }

        Assert.Equal(["a"], store.Current.Machines.Select(m => m.Serial.Text));
    }

    private async Task AssertHealedAsync(MachineStore store)
    {
        await Eventually.TrueAsync(() => store.Trouble is null);
        Assert.NotNull((await AddAsync(store, "b")).Machine);
        Assert.Equal("b: added\na: added\nA new cluster", await GitAsync("log", "--format=%s"));
        await AssertSoundAsync();
    }
}
