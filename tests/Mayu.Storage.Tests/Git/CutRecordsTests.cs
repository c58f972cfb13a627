using Mayu.Core.Machines;
using Mayu.Storage.Folders;
using Mayu.Storage.Records;

namespace Mayu.Storage.Tests.Git;

/// <summary>
/// <c>conf.json</c> cut at every byte, and with its end filled with NULs from every byte on (what ext4 leaves after a power cut): as many machines as the
/// record has bytes, each with another cut, so that one start and one look meet them all.
/// </summary>
public sealed class CutRecordsTests : GitStoreFixture
{
    private static readonly int Bytes = RecordCodec.Write(new MachineRecord(MachineOf(0), null)).Length;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_mayu_was_off_the_committed_records_are_served_and_each_bad_file_is_set_aside_and_named(bool nulls)
    {
        await FillAsync();
        var cut = Spoil(nulls);
        await using var store = await OpenAsync();
        AssertServed(store, cut);
        Assert.Equal(cut.Count, Directory.GetFiles(Path.Combine(Cluster, ".git", "mayu", "rejected")).Length);
        await AssertSoundAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task While_mayu_runs_the_committed_records_are_served_and_each_bad_file_is_named(bool nulls)
    {
        await FillAsync();
        await using var store = await OpenAsync();
        var cut = Spoil(nulls);
        await Eventually.TrueAsync(() => store.Quarantined.Count == cut.Count);
        AssertServed(store, cut);
        Assert.Null(store.Trouble);
        Assert.NotNull((await AddAsync(store, "another")).Machine);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Committed_by_hand_as_well_each_is_named_none_is_served_and_the_good_one_is(bool nulls)
    {
        await FillAsync();
        var cut = Spoil(nulls);
        await GitAsync("commit", "-q", "-a", "-m", "all of them");
        await using var store = await OpenAsync();
        Assert.Equal(cut.Select(n => $"{n}/conf.json").Order(), store.Quarantined.Select(q => q.Name).Order());
        Assert.Equal(["whole"], store.Current.Machines.Select(m => m.Serial.Text));
    }

    private static Machine MachineOf(int number) => Samples.Machine($"m{number:d4}") with { Profile = "core", Hostname = "node", Metadata = ["role=core"] };

    // The last two bytes are a brace and a line's end: what lacks the latter alone is whole.
    private async Task FillAsync()
    {
        await using (var store = await OpenAsync())
        {
            await Task.WhenAll([.. Enumerable.Range(0, Bytes - 1).Select(i => store.ChangeAsync(Samples.Operator, Samples.Add(MachineOf(i)), Token)), AddAsync(store, "whole")]);
            await AssertSoundAsync();
        }
    }

    private List<string> Spoil(bool nulls)
    {
        var cut = new List<string>();
        for (var i = 0; i < Bytes - 1; i++)
        {
            var name = MachineOf(i).Serial.Text;
            var content = File.ReadAllBytes(RecordOf(name));
            Assert.Equal(Bytes, content.Length);
            content.AsSpan(i).Clear();
            File.WriteAllBytes(RecordOf(name), nulls ? content : content[..i]);
            cut.Add(name);
        }

        return cut;
    }

    private static void AssertServed(MachineStore store, List<string> cut)
    {
        Assert.Equal(cut.Select(n => $"{n}/conf.json").Order(), store.Quarantined.Select(q => q.Name).Order());
        Assert.Equal(cut.Count + 1, store.Current.Count);
        Assert.All(cut, name => Assert.Equal("node", store.Current.Find(Samples.Serial(name))?.Hostname));
    }
}
