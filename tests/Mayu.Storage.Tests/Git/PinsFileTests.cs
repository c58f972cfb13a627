using Mayu.Core.Machines;

namespace Mayu.Storage.Tests.Git;

/// <summary>pins.json as hands and crashes leave it.</summary>
public sealed class PinsFileTests : GitStoreFixture
{
    private static readonly Pin Pin = new(Samples.Key("serial:a")) { Profile = "core", Address = Samples.Address("10.0.0.5") };

    private string PinsPath => Path.Combine(Cluster, "pins.json");

    [Fact]
    public async Task A_broken_file_in_the_history_is_named_pins_are_refused_and_machines_go_on_until_it_is_mended()
    {
        await using (var store = await OpenAsync())
        {
            await store.ChangeAsync(Samples.Operator, Samples.PutPin(Pin), Token);
            await AssertSoundAsync();
        }

        await File.WriteAllTextAsync(PinsPath, "{ oops", Token);
        await GitAsync("commit", "-q", "-a", "-m", "oops");
        await using (var store = await OpenAsync())
        {
            Assert.Equal("pins.json", Assert.Single(store.Quarantined).Name);
            var refused = await store.ChangeAsync(Samples.Operator, Samples.PutPin(Pin), Token);
            Assert.Equal(RefusalReason.Conflict, refused.Refusal?.Reason);
            Assert.Contains("pins.json", refused.Refusal!.Detail, StringComparison.Ordinal);
            Assert.NotNull((await AddAsync(store, "b")).Machine);
            Assert.Equal("{ oops", await File.ReadAllTextAsync(PinsPath, Token));

            await File.WriteAllTextAsync(PinsPath, """{"serial:a": {"Profile": "core", "Address": "10.0.0.5"}}""", Token);
            await Eventually.TrueAsync(() => store.Quarantined.Count == 0);
            Assert.Equal([Pin], store.Current.Pins);
            await AssertSoundAsync();
        }
    }

    [Fact]
    public async Task A_file_that_was_damaged_while_mayu_was_off_is_set_aside_and_the_committed_pins_are_served()
    {
        await using (var store = await OpenAsync())
        {
            await store.ChangeAsync(Samples.Operator, Samples.PutPin(Pin), Token);
        }

        await File.WriteAllTextAsync(PinsPath, "", Token);
        await using (var store = await OpenAsync())
        {
            Assert.Equal([Pin], store.Current.Pins);
            Assert.Equal("pins.json", Assert.Single(store.Quarantined).Name);
            await AssertSoundAsync();
        }
    }

    [Fact]
    public async Task Pins_written_by_hand_are_taken_over_and_told_in_the_history()
    {
        await using var store = await OpenAsync();
        await File.WriteAllTextAsync(PinsPath, """{"a": {"Profile": "core", "Address": "10.0.0.5"}}""", Token);
        await Eventually.TrueAsync(() => store.Current.FindPin(Pin.Key) is not null);
        Assert.Equal([Pin], store.Current.Pins);
        Assert.Equal("pin *: imported from its folder", await GitAsync("log", "-1", "--format=%s"));
        Assert.Null((await store.HistoryAsync(new HistoryQuery { Limit = 1 }, Token))[0].Serial);
    }
}
