using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Tests.Git;

/// <summary>What a deleted machine leaves in its folder and in the history.</summary>
public sealed class DeleteTests : GitStoreFixture
{
    private static readonly Serial A = Samples.Serial("a");

    [Fact]
    public async Task The_folder_goes_from_tree_and_disk_and_the_history_stays()
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await store.ChangeAsync(Samples.Operator, Samples.Delete(A), Token);
            Assert.False(Directory.Exists(Path.Combine(Cluster, "a")));
            Assert.Equal("cluster.json", await GitAsync("ls-tree", "-r", "--name-only", "HEAD"));
            Assert.Equal(["deleted", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = A }, Token)).Select(c => c.What));
            await AssertSoundAsync();
        }

        await using (await OpenAsync())
        {
            await AssertSoundAsync();
        }
    }

    [Fact]
    public async Task What_hands_laid_beside_the_record_stays_and_is_there_when_the_serial_comes_again()
    {
        var note = Path.Combine(Cluster, "a", "note.txt");
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
        }

        await File.WriteAllTextAsync(note, "rack 7", Token);
        await GitAsync("add", "-A");
        await GitAsync("commit", "-q", "-m", "a note");
        await File.WriteAllTextAsync(Path.Combine(Cluster, "a", "untracked.txt"), "x", Token);
        await using (var store = await OpenAsync())
        {
            await store.ChangeAsync(Samples.Operator, Samples.Delete(A), Token);
            Assert.True(File.Exists(note));
            Assert.False(File.Exists(RecordOf("a")));
            Assert.Equal("a/note.txt", await GitAsync("ls-tree", "-r", "--name-only", "HEAD", "a/"));
        }

        await using (var store = await OpenAsync())
        {
            Assert.Empty(store.Quarantined);
            Assert.Equal(0, store.Current.Count);
            await AddAsync(store, "a");
            Assert.Equal("a/conf.json\na/note.txt", await GitAsync("ls-tree", "-r", "--name-only", "HEAD", "a/"));
            File.Delete(Path.Combine(Cluster, "a", "untracked.txt"));
            await AssertSoundAsync();
        }
    }

    [Fact]
    public async Task When_the_owner_of_an_address_is_deleted_the_record_that_was_withheld_for_it_is_served()
    {
        foreach (var serial in (string[])["a", "b"])
        {
            Directory.CreateDirectory(Path.Combine(Cluster, serial));
            await File.WriteAllTextAsync(RecordOf(serial), $$"""{"Serial":"{{serial}}","AdditionalAddrs":{"eth1":"10.0.0.1"},"State":"configured"}""", Token);
        }

        await using var store = await OpenAsync();
        Assert.Equal("b/conf.json", Assert.Single(store.Quarantined).Name);
        await store.ChangeAsync(Samples.Operator, Samples.Delete(A), Token);
        Assert.Empty(store.Quarantined);
        Assert.Equal(["b"], store.Current.Machines.Select(m => m.Serial.Text));
    }
}
