using Mayu.Core.Machines;

namespace Mayu.Storage.Tests;

/// <summary>What a store that keeps a history must do besides.</summary>
public abstract class MachineHistoryContract : MachineStoreContract
{
    protected sealed override bool KeepsHistory => true;

    [Fact]
    public async Task The_history_tells_who_did_what_and_why_newest_first()
    {
        await using var store = await OpenAsync();
        await store.ChangeAsync(Author.Of(Samples.Serial("a")), Samples.Add(Samples.Machine("a"), "reported its facts"), Token);
        await store.ChangeAsync(
            new Author("ada <x> \"y\"", "first line\n\nMayu-Who: forged\nlast line"), Samples.Count(Samples.Serial("a"), "n"), Token);
        await store.ChangeAsync(new Author("bob"), Samples.Add(Samples.Machine("b"), "added: twice"), Token);

        var ofA = await store.HistoryAsync(new HistoryQuery { Serial = Samples.Serial("a"), Limit = 10 }, Token);
        Assert.Equal(["set n to 1", "reported its facts"], ofA.Select(c => c.What));
        Assert.Equal(["ada <x> \"y\"", "machine a"], ofA.Select(c => c.Who));
        Assert.Equal(["first line\n\nMayu-Who: forged\nlast line", null], ofA.Select(c => c.Why));
        Assert.All(ofA, c => Assert.Equal("a", c.Serial?.Text));

        var all = await store.HistoryAsync(new HistoryQuery { Limit = 2 }, Token);
        Assert.Equal(["added: twice", "set n to 1"], all.Select(c => c.What));
        Assert.Equal("bob", all[0].Who);
        Assert.Null(all[0].Why);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.HistoryAsync(new HistoryQuery { Limit = 0 }, Token));
    }

    [Fact]
    public async Task Changes_that_waited_together_are_each_in_the_history_with_their_own_author_and_reason()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => store.ChangeAsync(
            new Author($"who {i}", $"why {i}\n\nsecond line"), Samples.Add(Samples.Machine($"m{i}"), $"what {i}"), Token)));
        var history = await store.HistoryAsync(new HistoryQuery { Limit = 100 }, Token);
        Assert.Equal(
            Enumerable.Range(0, 100).Select(i => ($"m{i}", $"who {i}", $"what {i}", $"why {i}\n\nsecond line")).Reverse(),
            history.Select(c => (c.Serial?.Text ?? "", c.Who, c.What, c.Why ?? "")));
    }

    [Fact]
    public async Task The_history_tells_the_fields_that_a_change_changed_before_and_after()
    {
        var serial = Samples.Serial("a");
        await using var store = await OpenAsync();
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a")), Token);
        await store.ChangeAsync(
            Samples.Operator, s => new Proposal.Put(s.Find(serial)! with { State = MachineState.Configured, Profile = "core" }, "updated state to configured"), Token);
        await store.ChangeAsync(Samples.Operator, Samples.Delete(serial), Token);

        var history = await store.HistoryAsync(new HistoryQuery { Serial = serial, WithFields = true }, Token);
        Assert.Equal(["deleted", "updated state to configured", "added"], history.Select(c => c.What));
        Assert.Equal([new FieldChange("Profile", null, "\"core\""), new FieldChange("State", "\"unknown\"", "\"configured\"")], history[1].Fields);
        Assert.All(history[0].Fields, f => Assert.Null(f.New));
        Assert.All(history[2].Fields, f => Assert.Null(f.Old));
        Assert.Contains(new FieldChange("State", null, "\"unknown\""), history[2].Fields);
        Assert.All(await store.HistoryAsync(new HistoryQuery { Serial = serial }, Token), c => Assert.Empty(c.Fields));
    }

    [Fact]
    public async Task The_history_is_filtered_by_field_author_and_time()
    {
        await using var store = await OpenAsync();
        await store.ChangeAsync(new Author("ada"), Samples.Add(Samples.Machine("a")), Token);
        await store.ChangeAsync(new Author("bob"), Samples.Count(Samples.Serial("a"), "n"), Token);
        await store.ChangeAsync(new Author("ada"), Samples.Count(Samples.Serial("a"), "n"), Token);
        await store.ChangeAsync(new Author("ada"), Samples.Add(Samples.Machine("b")), Token);

        Assert.Equal(["set n to 2", "set n to 1"], await WhatAsync(store, new HistoryQuery { Field = "overrides" }));
        Assert.Equal(["added", "added"], await WhatAsync(store, new HistoryQuery { Field = "State" }));
        Assert.Empty(await WhatAsync(store, new HistoryQuery { Field = "Cabinet" }));
        Assert.Equal(["added", "set n to 2", "added"], await WhatAsync(store, new HistoryQuery { Who = "ada" }));
        Assert.Equal(["set n to 2"], await WhatAsync(store, new HistoryQuery { Who = "ada", Serial = Samples.Serial("a"), Field = "Overrides" }));
        Assert.Empty(await WhatAsync(store, new HistoryQuery { Who = "ad" }));
        Assert.Equal(4, (await WhatAsync(store, new HistoryQuery { Since = TimeProvider.System.GetUtcNow().AddHours(-1), Until = TimeProvider.System.GetUtcNow().AddHours(1), Who = null }))
            .Count(w => w != "A new cluster"));
        Assert.Empty(await WhatAsync(store, new HistoryQuery { Since = TimeProvider.System.GetUtcNow().AddHours(1) }));
        Assert.Empty(await WhatAsync(store, new HistoryQuery { Until = TimeProvider.System.GetUtcNow().AddHours(-1) }));
    }

    [Fact]
    public async Task A_name_that_nothing_has_is_refused()
    {
        await using var store = await OpenAsync();
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a")), Token);

        var field = await Assert.ThrowsAsync<NoSuchChangeException>(() => WhatAsync(store, new HistoryQuery { Field = "Nonsense" }));
        var machine = await Assert.ThrowsAsync<NoSuchChangeException>(() => WhatAsync(store, new HistoryQuery { Serial = Samples.Serial("b") }));

        Assert.StartsWith("Records have no field Nonsense. They have: AdditionalAddrs, ", field.Message, StringComparison.Ordinal);
        Assert.Equal("The history has no machine b.", machine.Message);
        Assert.Empty(await WhatAsync(store, new HistoryQuery { Serial = Samples.Serial("a"), Who = "nobody" }));
    }

    [Fact]
    public async Task A_long_history_is_read_page_by_page_while_it_grows()
    {
        var serial = Samples.Serial("a");
        await using var store = await OpenAsync();
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a")), Token);
        for (var i = 0; i < 9; i++)
        {
            await store.ChangeAsync(Samples.Operator, Samples.Count(serial, "n"), Token);
        }

        var read = new List<string>();
        for (string? before = null; ;)
        {
            var page = await store.HistoryAsync(new HistoryQuery { Serial = serial, Limit = 3, Before = before }, Token);
            if (page.Count == 0)
            {
                break;
            }

            read.AddRange(page.Select(c => c.What));
            before = page[^1].Cursor;
            await store.ChangeAsync(Samples.Operator, Samples.Count(serial, "later"), Token);
        }

        Assert.Equal([.. Enumerable.Range(1, 9).Reverse().Select(i => $"set n to {i}"), "added"], read);
        await Assert.ThrowsAsync<NoSuchChangeException>(
            () => store.HistoryAsync(new HistoryQuery { Before = "0123456789012345678901234567890123456789" }, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.HistoryAsync(new HistoryQuery { Limit = HistoryQuery.MaxLimit + 1 }, Token));
    }

    [Fact]
    public async Task A_page_may_end_between_two_changes_of_one_moment()
    {
        await using var store = await OpenAsync();
        string[] serials = [.. Enumerable.Range(0, 40).Select(i => $"m{i:00}")];
        await Task.WhenAll(serials.Select(serial => store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine(serial)), Token)));
        var all = await store.HistoryAsync(new HistoryQuery { Limit = 1000 }, Token);
        Assert.True(all.Select(change => change.Id).Distinct(StringComparer.Ordinal).Count() < all.Count, "each change has a commit of its own");

        var read = new List<string>();
        for (string? before = null; ;)
        {
            var page = await store.HistoryAsync(new HistoryQuery { Limit = 3, Before = before }, Token);
            if (page.Count == 0)
            {
                break;
            }

            read.AddRange(page.Select(change => change.Serial?.Text ?? ""));
            before = page[^1].Cursor;
        }

        Assert.Equal(all.Select(change => change.Serial?.Text ?? ""), read);
        Assert.Equal(serials, read.Where(serial => serial.Length > 0).Order(StringComparer.Ordinal));
        await Assert.ThrowsAsync<NoSuchChangeException>(() => store.HistoryAsync(new HistoryQuery { Before = all[0].Id + ":x" }, Token));
    }

    [Fact]
    public async Task A_machine_can_be_seen_as_it_stood_after_any_change_and_at_a_time()
    {
        var serial = Samples.Serial("a");
        await using var store = await OpenAsync();
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("b")), Token);
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.FullMachine("a")), Token);
        await store.ChangeAsync(Samples.Operator, Samples.Count(serial, "n"), Token);
        await store.ChangeAsync(Samples.Operator, Samples.Delete(serial), Token);
        var changes = (await store.HistoryAsync(new HistoryQuery(), Token)).ToDictionary(c => $"{c.Serial} {c.What}", c => c.Id, StringComparer.Ordinal);

        Assert.Null(await store.MachineAtAsync(serial, HistoryPoint.After(changes["b added"]), Token));
        Assert.True((await store.MachineAtAsync(serial, HistoryPoint.After(changes["a added"]), Token))!.IsSameAs(Samples.FullMachine("a")));
        Assert.Equal("1", (await store.MachineAtAsync(serial, HistoryPoint.After(changes["a set n to 1"][..7]), Token))!.Overrides["n"]);
        Assert.Null(await store.MachineAtAsync(serial, HistoryPoint.After(changes["a deleted"]), Token));
        Assert.NotNull(await store.MachineAtAsync(Samples.Serial("b"), HistoryPoint.Time(TimeProvider.System.GetUtcNow().AddMinutes(1)), Token));
        Assert.Null(await store.MachineAtAsync(Samples.Serial("b"), HistoryPoint.Time(TimeProvider.System.GetUtcNow().AddHours(-1)), Token));
        foreach (var nonsense in (string[])["0123456789", "abc", "HEAD", "../../etc/passwd", ""])
        {
            await Assert.ThrowsAsync<NoSuchChangeException>(() => store.MachineAtAsync(serial, HistoryPoint.After(nonsense), Token));
        }
    }

    [Fact]
    public async Task A_question_to_the_history_can_be_given_up()
    {
        await using var store = await OpenAsync();
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a")), Token);
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.HistoryAsync(new HistoryQuery(), cancellation.Token));
    }

    private static async Task<IEnumerable<string>> WhatAsync(IMachineStore store, HistoryQuery query) =>
        (await store.HistoryAsync(query, Token)).Select(c => c.What);
}
