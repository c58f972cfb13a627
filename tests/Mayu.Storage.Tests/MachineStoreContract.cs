using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Storage.Tests;

/// <summary>What every store must do. A store's tests derive from this and say how it is opened.</summary>
public abstract partial class MachineStoreContract
{
    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Opens the store of this test; after it was disposed, again with what it kept.</summary>
    protected abstract Task<IMachineStore> OpenAsync();

    /// <summary>Whether the store keeps a history; one that does passes <see cref="MachineHistoryContract"/> too.</summary>
    protected virtual bool KeepsHistory => false;

    [Fact]
    public async Task A_new_store_is_empty()
    {
        await using var store = await OpenAsync();
        Assert.Equal(0, store.Current.Count);
        Assert.Empty(store.Quarantined);
    }

    [Fact]
    public async Task An_answered_change_is_seen_by_readers_and_after_a_reopen_with_every_field()
    {
        var machine = Samples.FullMachine("4711");
        await using (var store = await OpenAsync())
        {
            var outcome = await store.ChangeAsync(Samples.Operator, Samples.Add(machine), Token);
            Assert.Same(machine, outcome.Machine);
            Assert.Null(outcome.Refusal);
            Assert.Same(machine, store.Current.Find(machine.Serial));
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equivalent(machine, store.Current.Find(machine.Serial), strict: true);
            Assert.Equal(machine.Serial, store.Current.OwnersOf(machine.MacAddresses[1])[0]);
            Assert.Equal(1, store.Current.CountInProfile("core"));
        }
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("..\\evil")]
    [InlineData("/etc/passwd")]
    [InlineData(".git")]
    [InlineData("...")]
    [InlineData("con")]
    [InlineData("nul.txt")]
    [InlineData("a%2fb")]
    [InlineData("%")]
    [InlineData("aa:bb:cc:dd:ee:ff")]
    [InlineData("cluster.json")]
    [InlineData("pins.json")]
    [InlineData("ends.")]
    [InlineData("-rf")]
    [InlineData("x::")]
    public async Task Any_serial_is_kept_as_it_is(string text)
    {
        Assert.True(Serial.TryParse(text, out var serial, out var refusal), refusal);

        await using (var store = await OpenAsync())
        {
            await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine(text)), Token);
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equal(text, store.Current.Find(serial)?.Serial.Text);
            if (KeepsHistory)
            {
                Assert.Equal(serial, Assert.Single(await store.HistoryAsync(new HistoryQuery { Serial = serial, Limit = 10 }, Token)).Serial);
            }
        }
    }

    [Fact]
    public async Task A_serial_of_128_slashes_is_kept_and_differs_from_one_of_127()
    {
        await using (var store = await OpenAsync())
        {
            await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine(new string('/', 128))), Token);
            await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine(new string('/', 127))), Token);
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equal([127, 128], store.Current.Machines.Select(m => m.Serial.Text.Length).Order());
        }
    }

    [Fact]
    public async Task A_refusal_and_nothing_leave_no_trace()
    {
        await using var store = await OpenAsync();
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a")), Token);
        var before = store.Current;
        var refused = await store.ChangeAsync(Samples.Operator, _ => Proposal.Refused(RefusalReason.NotFound, "no such machine"), Token);
        var nothing = await store.ChangeAsync(Samples.Operator, s => new Proposal.Nothing(s.Find(Samples.Serial("a"))!), Token);

        Assert.Null(refused.Machine);
        Assert.Equal(RefusalReason.NotFound, refused.Refusal?.Reason);
        Assert.Equal("a", nothing.Machine?.Serial.Text);
        Assert.Same(before, store.Current);
        if (KeepsHistory)
        {
            Assert.Single(await store.HistoryAsync(new HistoryQuery { Serial = Samples.Serial("a"), Limit = 10 }, Token));
        }
    }

    [Fact]
    public async Task A_decision_that_throws_harms_nobody_else()
    {
        await using var store = await OpenAsync();
        var tasks = Enumerable.Range(0, 60).Select(i => store.ChangeAsync(
            Samples.Operator, i % 3 == 0 ? _ => throw new InvalidOperationException($"boom {i}") : Samples.Add(Samples.Machine($"m{i}")), Token)).ToList();
        for (var i = 0; i < tasks.Count; i++)
        {
            if (i % 3 == 0)
            {
                Assert.Equal($"boom {i}", (await Assert.ThrowsAsync<InvalidOperationException>(() => tasks[i])).Message);
            }
            else
            {
                Assert.NotNull((await tasks[i]).Machine);
            }
        }

        Assert.Equal(40, store.Current.Count);
    }

    [Fact]
    public async Task Of_500_new_machines_exactly_3_get_the_3_slots()
    {
        var plan = Samples.Plan(coreSlots: 3, addresses: 1000);
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => store.ChangeAsync(
            new Author(Samples.Facts(i).Caller), s => Registration.Decide(s, plan, Samples.Facts(i), i.ToString("x32"), Samples.Now), Token)));

        Assert.Equal(500, store.Current.Count);
        Assert.Equal(3, store.Current.Machines.Count(m => m.Profile == "core"));
        Assert.Equal(500, store.Current.Machines.Select(m => m.InternalAddress).Distinct().Count());
    }

    [Fact]
    public async Task A_pool_of_100_gives_100_addresses_and_50_clear_errors()
    {
        var plan = Samples.Plan(coreSlots: 3, addresses: 100);
        await using var store = await OpenAsync();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 150).Select(i => store.ChangeAsync(
            new Author(Samples.Facts(i).Caller), s => Registration.Decide(s, plan, Samples.Facts(i), i.ToString("x32"), Samples.Now), Token)));

        Assert.Equal(50, outcomes.Count(o => o.Refusal?.Reason == RefusalReason.PoolFull));
        Assert.Equal(100, outcomes.Where(o => o.Machine is not null).Select(o => o.Machine!.InternalAddress).Distinct().Count());
        Assert.All(store.Current.Machines, m => Assert.True(plan.InternalRange.Contains(m.InternalAddress!.Value)));
    }

    [Fact]
    public async Task None_of_10000_concurrent_updates_is_lost()
    {
        await using (var store = await OpenAsync())
        {
            foreach (var name in (string[])["a", "b", "c", "d"])
            {
                await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine(name)), Token);
            }

            await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i => store.ChangeAsync(
                Samples.Operator, Samples.Count(Samples.Serial("abcd"[i % 4].ToString()), $"c{i % 8 / 4}"), Token)));
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equal(10_000, store.Current.Machines.Sum(m => m.Overrides.Values.Sum(int.Parse)));
            if (KeepsHistory)
            {
                Assert.Equal(2501, (await store.HistoryAsync(new HistoryQuery { Serial = Samples.Serial("a"), Limit = 10_000 }, Token)).Count);
            }
        }
    }

    [Fact]
    public async Task An_address_that_belongs_to_another_machine_is_refused_whatever_a_decision_says()
    {
        var address = Samples.Address("10.0.0.5");
        await using var store = await OpenAsync();
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a") with { InternalAddress = address }), Token);
        var outcome = await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("b") with { InternalAddress = address }), Token);
        Assert.Equal(RefusalReason.Conflict, outcome.Refusal?.Reason);
        Assert.Contains("machine a", outcome.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Null(store.Current.Find(Samples.Serial("b")));
    }

    [Fact]
    public async Task Whoever_gives_up_before_his_turn_changes_nothing()
    {
        await using var store = await OpenAsync();
        using var cancellation = new CancellationTokenSource();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var gate = new ManualResetEventSlim();
        var first = store.ChangeAsync(
            Samples.Operator,
            _ =>
            {
                entered.SetResult();
                gate.Wait(Token);
                return new Proposal.Put(Samples.Machine("a"), "added");
            },
            Token);
        await entered.Task;
        var second = store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("b")), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.Set();
        await first;
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("c")), Token);
        Assert.Null(store.Current.Find(Samples.Serial("b")));
    }

    [Fact]
    public async Task A_change_that_was_begun_is_finished_though_nobody_waits()
    {
        await using var store = await OpenAsync();
        using var cancellation = new CancellationTokenSource();
        var abandoned = store.ChangeAsync(
            Samples.Operator,
            _ =>
            {
                cancellation.Cancel();
                return new Proposal.Put(Samples.Machine("a"), "added");
            },
            cancellation.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("b")), Token);
        Assert.NotNull(store.Current.Find(Samples.Serial("a")));
    }

    [Fact]
    public async Task Closing_finishes_what_waits_and_refuses_what_comes_later()
    {
        var store = await OpenAsync();
        var waiting = Enumerable.Range(0, 20).Select(i => store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine($"m{i}")), Token)).ToList();
        await store.DisposeAsync();
        await store.DisposeAsync();
        Assert.All(await Task.WhenAll(waiting), o => Assert.NotNull(o.Machine));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("late")), Token));

        await using var again = await OpenAsync();
        Assert.Equal(20, again.Current.Count);
    }
}
