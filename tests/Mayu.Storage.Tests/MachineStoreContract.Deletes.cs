using Mayu.Core.Machines;

namespace Mayu.Storage.Tests;

public abstract partial class MachineStoreContract
{
    [Fact]
    public async Task A_machine_that_was_deleted_is_gone_after_a_reopen_too_and_its_address_and_slot_are_free()
    {
        var machine = Samples.FullMachine("a");
        await using (var store = await OpenAsync())
        {
            await store.ChangeAsync(Samples.Operator, Samples.Add(machine), Token);
            var outcome = await store.ChangeAsync(Samples.Operator, Samples.Delete(machine.Serial), Token);
            Assert.Same(machine, outcome.Machine);
            Assert.Null(outcome.Refusal);
            Assert.Equal(0, store.Current.Count);
        }

        await using (var store = await OpenAsync())
        {
            Assert.Empty(store.Current.Machines);
            Assert.Equal(0, store.Current.CountInProfile("core"));
            var other = await store.ChangeAsync(
                Samples.Operator, Samples.Add(Samples.Machine("b") with { InternalAddress = machine.InternalAddress, MacAddresses = machine.MacAddresses }), Token);
            Assert.Null(other.Refusal);
            Assert.Equal("b", store.Current.OwnersOf(machine.MacAddresses[0])[0].Text);
        }
    }

    [Fact]
    public async Task A_serial_that_was_deleted_can_be_added_again()
    {
        var serial = Samples.Serial("a");
        await using (var store = await OpenAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a") with { Profile = $"p{i}" }), Token);
                await store.ChangeAsync(Samples.Operator, Samples.Delete(serial), Token);
            }

            await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a") with { Profile = "last" }), Token);
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equal("last", store.Current.Find(serial)?.Profile);
        }
    }

    [Fact]
    public async Task Machines_that_come_and_go_within_one_batch_end_as_the_last_word_says()
    {
        await using (var store = await OpenAsync())
        {
            await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("old")), Token);
            await Task.WhenAll(
                store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("x")), Token),
                store.ChangeAsync(Samples.Operator, Samples.Delete(Samples.Serial("x")), Token),
                store.ChangeAsync(Samples.Operator, Samples.Delete(Samples.Serial("old")), Token),
                store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("old") with { Profile = "new" }), Token),
                store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("y")), Token));
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equal(["old", "y"], store.Current.Machines.Select(m => m.Serial.Text).Order());
            Assert.Equal("new", store.Current.Find(Samples.Serial("old"))?.Profile);
        }
    }

    [Fact]
    public async Task To_delete_what_is_not_there_is_refused()
    {
        await using var store = await OpenAsync();
        var outcome = await store.ChangeAsync(Samples.Operator, _ => new Proposal.Delete(Samples.Machine("nobody"), "deleted"), Token);
        Assert.Equal(RefusalReason.NotFound, outcome.Refusal?.Reason);
    }

    [Fact]
    public async Task A_note_about_a_refusal_is_kept_and_the_asker_is_refused()
    {
        var claim = new IdentityClaim(null, null, [Samples.Mac(99)], Samples.Now);
        var told = new Refusal(RefusalReason.Conflict, "another machine has the serial a");
        await using (var store = await OpenAsync())
        {
            await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a")), Token);
            var outcome = await store.ChangeAsync(
                Samples.Operator, s => new Proposal.Put(s.Find(Samples.Serial("a"))! with { Conflict = claim }, "noted a conflict") { Refusal = told }, Token);
            Assert.Null(outcome.Machine);
            Assert.Equal(told, outcome.Refusal);
            Assert.NotNull(store.Current.Find(Samples.Serial("a"))!.Conflict);
        }

        await using (var store = await OpenAsync())
        {
            Assert.True(store.Current.Find(Samples.Serial("a"))!.Conflict!.IsSameAs(claim));
        }
    }

    [Fact]
    public async Task None_of_a_machines_addresses_may_be_anothers()
    {
        await using var store = await OpenAsync();
        var (one, two) = (Samples.Address("10.0.0.5"), Samples.Address("10.0.0.6"));
        await store.ChangeAsync(Samples.Operator, Samples.Add(
            Samples.Machine("a") with { InternalAddress = one, AdditionalAddresses = Machine.NoAddresses.Add("eth1", two) }), Token);
        foreach (var next in (Machine[])[
                     Samples.Machine("b") with { InternalAddress = two },
                     Samples.Machine("b") with { AdditionalAddresses = Machine.NoAddresses.Add("eth1", one) },
                     Samples.Machine("b") with { InternalAddress = Samples.Address("10.0.0.7"), AdditionalAddresses = Machine.NoAddresses.Add("eth1", two) }])
        {
            var outcome = await store.ChangeAsync(Samples.Operator, Samples.Add(next), Token);
            Assert.Equal(RefusalReason.Conflict, outcome.Refusal?.Reason);
            Assert.Contains("machine a", outcome.Refusal!.Detail, StringComparison.Ordinal);
        }

        Assert.Equal(1, store.Current.Count);
    }
}
