using Mayu.Core.Machines;
using Mayu.Storage.Folders;
using Mayu.Storage.Git;
using Mayu.Storage.Plain;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mayu.Storage.Tests.Git;

public sealed class GitRepositoryTests : GitStoreFixture
{
    [Fact]
    public async Task A_new_cluster_directory_is_a_sound_repository_with_a_first_commit_by_mayu()
    {
        await using (await OpenAsync())
        {
            await AssertSoundAsync();
        }

        Assert.Equal("A new cluster|mayu|mayu@localhost", await GitAsync("log", "--format=%s|%an|%ae"));
        Assert.Equal("cluster.json", await GitAsync("ls-tree", "-r", "--name-only", "HEAD"));
    }

    [Fact]
    public async Task A_change_alone_is_a_commit_of_its_own_that_reads_well()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "4711");
        await store.ChangeAsync(new Author("ada", "the rack moved"), Samples.Count(Samples.Serial("4711"), "n"), Token);

        Assert.Equal("4711: set n to 1|ada|mayu\n4711: added|ada|mayu\nA new cluster|mayu|mayu", await GitAsync("log", "--format=%s|%an|%cn"));
        Assert.Equal("the rack moved\n\nMayu-Serial: 4711\nMayu-Who: ada", await GitAsync("log", "-1", "--format=%b"));
        Assert.Equal("4711", await GitAsync("log", "-1", "--format=%(trailers:key=Mayu-Serial,valueonly)"));
        Assert.Equal("4711/conf.json", await GitAsync("show", "--format=", "--name-only", "HEAD"));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task The_record_is_readable_json_with_the_names_of_the_first_mayu()
    {
        await using var store = await OpenAsync();
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.FullMachine("4711")), Token);
        var text = await File.ReadAllTextAsync(RecordOf("4711"), Token);
        Assert.Equal(text, await GitAsync("show", "HEAD:4711/conf.json") + "\n");
        Assert.StartsWith("{\n  \"Enabled\": false,\n  \"Serial\": \"4711\",\n", text, StringComparison.Ordinal);
        foreach (var line in (string[])["\"ConnectedNIC\": \"eth0\"", "\"InternalAddr\": \"10.0.0.7\"", "\"rack=ü+<1>\"", "\"State\": \"running\"", "\"IPMIAddr\""])
        {
            Assert.Contains(line, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Changes_that_waited_together_share_a_commit_and_status_is_clean_afterwards()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => AddAsync(store, $"m{i:d3}")));
        Assert.InRange(int.Parse(await GitAsync("rev-list", "--count", "HEAD")), 2, 60);
        Assert.Contains("changes: m", await GitAsync("log", "-1", "--format=%s"), StringComparison.Ordinal);
        await AssertSoundAsync();
    }

    [Theory]
    [InlineData("../evil", "%2e.%2fevil")]
    [InlineData(".git", "%2egit")]
    [InlineData("con", "%63on")]
    [InlineData("004bc71b", "004bc71b")]
    [InlineData("aa:bb", "aa%3abb")]
    public async Task A_folder_name_is_safe_and_nothing_is_written_outside(string serial, string folder)
    {
        await using var store = await OpenAsync();
        await AddAsync(store, serial);
        Assert.True(File.Exists(RecordOf(folder)));
        Assert.Equal([Cluster], Directory.GetFileSystemEntries(Path.GetDirectoryName(Cluster)!));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_directory_with_plain_records_and_no_repository_is_taken_over_as_it_is()
    {
        const string Text = """{"Id":3,"Cabinet":"7","Enabled":true,"Serial":"004b","InternalAddr":"10.0.3.31","LastBoot":"2016-05-03T10:11:12.123456789+02:00","MacAddresses":["52:54:00:00:00:01","00:00:00:00:00:00"],"Overrides":{"n":5,"t":"x"},"Profile":"core","State":"running","FlatcarVersion":"3510.2.0"}""";
        Directory.CreateDirectory(Path.Combine(Cluster, "004b"));
        await File.WriteAllTextAsync(RecordOf("004b"), Text, Token);
        await File.WriteAllTextAsync(Path.Combine(Cluster, "cluster.json"), """{"GitStore":false,"Config":{"DefaultEtcdClusterToken":"abc"}}""", Token);

        await using (var store = await OpenAsync())
        {
            var machine = store.Current.Find(Samples.Serial("004b"))!;
            Assert.Equal((MachineState.Running, "core", Samples.Address("10.0.3.31")), (machine.State, machine.Profile, machine.InternalAddress));
            Assert.Equal(Text, await File.ReadAllTextAsync(RecordOf("004b"), Token));
            await store.ChangeAsync(Samples.Operator, s => Lifecycle.OperatorSets(s.Find(machine.Serial)!, MachineState.Configured, false), Token);
            await AssertSoundAsync();
        }

        var after = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(RecordOf("004b"), Token))!;
        var expected = System.Text.Json.Nodes.JsonNode.Parse(Text)!;
        expected["State"] = "configured";
        Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(expected, after), after.ToJsonString());
        Assert.Contains("DefaultEtcdClusterToken", await GitAsync("show", "HEAD:cluster.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_of_the_first_mayu_opens_with_its_history()
    {
        Directory.CreateDirectory(Path.Combine(Cluster, "004bc71b"));
        Directory.CreateDirectory(Path.Combine(Cluster, "docs"));
        await GitAsync("init", "-q", "-b", "trunk");
        await File.WriteAllTextAsync(Path.Combine(Cluster, "docs", "README"), "hello", Token);
        await File.WriteAllTextAsync(Path.Combine(Cluster, "004bc71b", "notes"), "by hand", Token);
        foreach (var state in (string[])["installing", "running"])
        {
            await File.WriteAllTextAsync(RecordOf("004bc71b"), $$"""{"Serial":"004bc71b","State":"{{state}}"}""", Token);
            await GitAsync("add", "-A");
            await GitAsync("commit", "-q", "-m", $"004bc71b: updated state to {state}");
        }

        await GitAsync("gc", "-q");
        await GitAsync("pack-refs", "--all");
        await using var store = await OpenAsync();
        var serial = Samples.Serial("004bc71b");
        await store.ChangeAsync(Samples.Operator, Samples.Count(serial, "n"), Token);
        var history = await store.HistoryAsync(new HistoryQuery { Serial = serial, Limit = 10 }, Token);
        Assert.Equal(["set n to 1", "updated state to running", "updated state to installing"], history.Select(c => c.What));
        Assert.Equal(["ada", "Hand", "Hand"], history.Select(c => c.Who));
        Assert.Equal("004bc71b/conf.json\n004bc71b/notes\ndocs/README", await GitAsync("ls-tree", "-r", "--name-only", "HEAD"));
        Assert.Equal("trunk", await GitAsync("branch", "--show-current"));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_commit_by_hand_while_running_is_taken_over_and_is_in_the_history()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await AddAsync(store, "b");
        Assert.Equal("", await GitProgram.StatusAsync(Cluster));
        var text = await File.ReadAllTextAsync(RecordOf("a"), Token);
        await File.WriteAllTextAsync(RecordOf("a"), text.Replace("\"unknown\"", "\"running\"", StringComparison.Ordinal), Token);
        await GitAsync("commit", "-q", "-a", "-m", "it runs since 2019\n\nask Eve");

        await store.ChangeAsync(Samples.Operator, Samples.Count(Samples.Serial("a"), "n"), Token);
        Assert.Equal(MachineState.Running, store.Current.Find(Samples.Serial("a"))!.State);
        var history = await store.HistoryAsync(new HistoryQuery { Serial = Samples.Serial("a"), Limit = 10 }, Token);
        Assert.Equal(["set n to 1", "it runs since 2019", "added"], history.Select(c => c.What));
        Assert.Equal(("Hand", "ask Eve"), (history[1].Who, history[1].Why));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_record_edited_by_hand_while_running_is_not_overwritten_by_the_machines_next_change()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        var text = await File.ReadAllTextAsync(RecordOf("a"), Token);
        await File.WriteAllTextAsync(RecordOf("a"), text.Replace("\"unknown\"", "\"running\"", StringComparison.Ordinal), Token);
        await store.ChangeAsync(Samples.Operator, Samples.Count(Samples.Serial("a"), "n"), Token);
        Assert.Equal(MachineState.Running, store.Current.Find(Samples.Serial("a"))!.State);
        Assert.Equal(["set n to 1", "edited by hand", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = Samples.Serial("a"), Limit = 10 }, Token)).Select(c => c.What));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_detached_head_is_followed()
    {
        await using var store = await OpenAsync();
        await AddAsync(store, "a");
        await AssertSoundAsync();
        await GitAsync("checkout", "-q", "--detach");
        await AddAsync(store, "b");
        Assert.Equal("b: added", await GitAsync("log", "-1", "--format=%s", "HEAD"));
        await AssertSoundAsync();
    }

    [Fact]
    public async Task A_directory_that_belongs_to_somebody_else_opens()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give files away");
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
        }

        using (var chown = System.Diagnostics.Process.Start("chown", ["-R", "12345:12345", Cluster]))
        {
            await chown.WaitForExitAsync(Token);
        }

        await using var again = await OpenAsync();
        Assert.NotNull((await AddAsync(again, "b")).Machine);
    }

    [Fact]
    public async Task A_second_mayu_is_turned_away_with_the_pid_of_the_first()
    {
        await using var store = await OpenAsync();
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync());
        Assert.Contains($"pid {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Cluster, refused.Message, StringComparison.Ordinal);
        await AddAsync(store, "a");
    }

    [Fact]
    public async Task A_directory_that_is_open_with_a_history_is_not_opened_without_one_nor_the_other_way_round()
    {
        await using (await OpenAsync())
        {
            await AssertTurnedAwayAsync(OpenPlainAsync);
        }

        await using (await OpenPlainAsync())
        {
            await AssertTurnedAwayAsync(() => OpenAsync());
        }

        await using var store = await OpenAsync();
        Assert.NotNull((await AddAsync(store, "a")).Machine);

        Task<MachineStore> OpenPlainAsync() =>
            PlainStore.OpenAsync(Cluster, new GitOptions(), TimeProvider.System, NullLogger<MachineStore>.Instance, Token);

        static async Task AssertTurnedAwayAsync<T>(Func<Task<T>> open) => Assert.Contains(
            $"pid {Environment.ProcessId}", (await Assert.ThrowsAsync<StoreUnavailableException>(open)).Message, StringComparison.Ordinal);
    }
}
