using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Tests.Git;

/// <summary>Records that cannot be read, and files that differ from the history.</summary>
public sealed class QuarantineTests : GitStoreFixture
{
    private static readonly Serial A = Samples.Serial("a");

    public static TheoryData<string> BadRecords =>
    [
        "", "\0\0\0\0\0\0", "{\"Serial\":\"a\",\"Sta", "[]", "null", "{\"Serial\":\"b\"}", "{\"State\":\"sleeping\"}", "{\"InternalAddr\":\"10.0.0\"}",
        "{\"Profile\":7}", "{\"MacAddresses\":\"x\"}", "{\"State\":\"running\",\"State\":\"unknown\"}", "{\"Profile\":\"\\ud800\"}", "\u00ff\u00fe",
    ];

    [Theory]
    [MemberData(nameof(BadRecords))]
    public async Task A_committed_record_that_cannot_be_read_is_named_and_its_serial_is_not_given_away(string content)
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await AddAsync(store, "b");
            await AssertSoundAsync();
        }

        await File.WriteAllTextAsync(RecordOf("a"), content, Token);
        await GitAsync("commit", "-q", "-a", "-m", "oops");
        await using (var store = await OpenAsync())
        {
            Assert.Equal("a/conf.json", Assert.Single(store.Quarantined).Name);
            Assert.Null(store.Current.Find(A));
            Assert.NotNull(store.Current.Find(Samples.Serial("b")));
            var outcome = await AddAsync(store, "a");
            Assert.Equal(RefusalReason.Conflict, outcome.Refusal?.Reason);
            Assert.Contains("a/conf.json", outcome.Refusal!.Detail, StringComparison.Ordinal);
            await AddAsync(store, "c");
            Assert.Equal(content, await File.ReadAllTextAsync(RecordOf("a"), Token));
            await AssertSoundAsync();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("{\"Serial\":\"a\",\"Sta")]
    public async Task A_file_that_was_damaged_is_set_aside_and_the_committed_record_is_served(string content)
    {
        await using (var store = await OpenAsync())
        {
            await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.FullMachine("a")), Token);
        }

        var good = await File.ReadAllTextAsync(RecordOf("a"), Token);
        await File.WriteAllTextAsync(RecordOf("a"), content, Token);
        await using (var store = await OpenAsync())
        {
            Assert.Equal(MachineState.Running, store.Current.Find(A)?.State);
            Assert.Equal("a/conf.json", Assert.Single(store.Quarantined).Name);
            Assert.Equal(good, await File.ReadAllTextAsync(RecordOf("a"), Token));
            var aside = Assert.Single(Directory.GetFiles(Path.Combine(Cluster, ".git", "mayu", "rejected")));
            Assert.Equal(content, await File.ReadAllTextAsync(aside, Token));
            await AssertSoundAsync();
        }
    }

    [Fact]
    public async Task A_record_edited_by_hand_while_mayu_was_off_is_taken_over_as_a_change()
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
        }

        var text = await File.ReadAllTextAsync(RecordOf("a"), Token);
        await File.WriteAllTextAsync(RecordOf("a"), text.Replace("\"unknown\"", "\"running\"", StringComparison.Ordinal), Token);
        await using (var store = await OpenAsync())
        {
            Assert.Equal(MachineState.Running, store.Current.Find(A)?.State);
            Assert.Equal(["edited by hand", "added"], (await store.HistoryAsync(new HistoryQuery { Serial = A, Limit = 10 }, Token)).Select(c => c.What));
            await AssertSoundAsync();
        }
    }

    [Fact]
    public async Task A_folder_that_was_deleted_by_hand_is_brought_back_from_the_history()
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
        }

        Directory.Delete(Path.Combine(Cluster, "a"), recursive: true);
        await using (var store = await OpenAsync())
        {
            Assert.NotNull(store.Current.Find(A));
            await AssertSoundAsync();
        }
    }

    [Fact]
    public async Task A_file_in_the_place_of_a_machines_folder_refuses_that_machine_alone()
    {
        await using var store = await OpenAsync();
        await File.WriteAllTextAsync(Path.Combine(Cluster, "a"), "in the way", Token);
        var outcomes = await Task.WhenAll(AddAsync(store, "a"), AddAsync(store, "b"));
        Assert.Equal(RefusalReason.Conflict, outcomes[0].Refusal?.Reason);
        Assert.NotNull(outcomes[1].Machine);
    }

    [Fact]
    public async Task Of_two_records_with_one_address_the_one_with_an_operating_system_is_served()
    {
        Directory.CreateDirectory(Path.Combine(Cluster, "a"));
        Directory.CreateDirectory(Path.Combine(Cluster, "b"));
        await File.WriteAllTextAsync(RecordOf("a"), """{"Serial":"a","InternalAddr":"10.0.0.1","State":"configured"}""", Token);
        await File.WriteAllTextAsync(RecordOf("b"), """{"Serial":"b","InternalAddr":"10.0.0.1","State":"running"}""", Token);
        await using var store = await OpenAsync();
        Assert.Equal(["b"], store.Current.Machines.Select(m => m.Serial.Text));
        Assert.Contains("10.0.0.1", Assert.Single(store.Quarantined).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_object_harms_its_own_machine_alone()
    {
        await using (var store = await OpenAsync())
        {
            await AddAsync(store, "a");
            await AddAsync(store, "b");
        }

        var blob = await GitAsync("rev-parse", "HEAD:a/conf.json");
        await File.WriteAllTextAsync(Path.Combine(Cluster, ".git", "objects", blob[..2], blob[2..]), "rubbish", Token);
        await File.WriteAllTextAsync(RecordOf("a"), "rubbish", Token);
        await using (var store = await OpenAsync())
        {
            Assert.Equal("a/conf.json", Assert.Single(store.Quarantined).Name);
            Assert.NotNull(store.Current.Find(Samples.Serial("b")));
            await AddAsync(store, "c");
        }
    }
}
