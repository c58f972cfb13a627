using Mayu.Core.Machines;

namespace Mayu.Storage.Tests;

public abstract partial class MachineStoreContract
{
    private static readonly Pin OfSerial = new(Samples.Key("serial:a")) { Profile = "core", Address = Samples.Address("10.0.0.5") };
    private static readonly Pin OfMac = new(Samples.Key("mac:52:54:00:00:00:01")) { Profile = "core" };
    private static readonly Pin OfUuid = new(Samples.Key("uuid:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0")) { Address = Samples.Address("10.0.0.6") };

    [Fact]
    public async Task Pins_are_kept_replaced_and_removed()
    {
        await using (var store = await OpenAsync())
        {
            foreach (var pin in (Pin[])[OfSerial, OfMac, OfUuid])
            {
                Assert.Null((await store.ChangeAsync(Samples.Operator, Samples.PutPin(pin), Token)).Refusal);
            }
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equal([OfMac, OfSerial, OfUuid], store.Current.Pins);
            Assert.Equal(2, store.Current.CountPinned("core"));
            await store.ChangeAsync(Samples.Operator, Samples.PutPin(OfMac with { Profile = "worker" }), Token);
            await store.ChangeAsync(Samples.Operator, _ => new Proposal.DeletePin(OfUuid.Key, "removed"), Token);
            var missing = await store.ChangeAsync(Samples.Operator, _ => new Proposal.DeletePin(OfUuid.Key, "removed"), Token);
            Assert.Equal(RefusalReason.NotFound, missing.Refusal?.Reason);
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equal([OfMac with { Profile = "worker" }, OfSerial], store.Current.Pins);
        }
    }

    [Fact]
    public async Task A_pin_that_is_fulfilled_is_gone_with_the_change_that_fulfils_it()
    {
        await using (var store = await OpenAsync())
        {
            await store.ChangeAsync(Samples.Operator, Samples.PutPin(OfSerial), Token);
            await store.ChangeAsync(Samples.Operator, Samples.PutPin(OfMac), Token);
            var outcome = await store.ChangeAsync(
                Author.Of(Samples.Serial("a")),
                _ => new Proposal.Put(Samples.Machine("a") with { InternalAddress = OfSerial.Address, Profile = "core" }, "added") { Fulfils = [OfSerial.Key] },
                Token);
            Assert.NotNull(outcome.Machine);
            Assert.Equal([OfMac], store.Current.Pins);
        }

        await using (var store = await OpenAsync())
        {
            Assert.Equal([OfMac], store.Current.Pins);
            Assert.Equal(OfSerial.Address, store.Current.Find(Samples.Serial("a"))?.InternalAddress);
        }
    }

    [Fact]
    public async Task An_address_that_is_kept_for_another_machine_is_refused_and_one_that_is_taken_cannot_be_kept()
    {
        await using var store = await OpenAsync();
        await store.ChangeAsync(Samples.Operator, Samples.PutPin(OfSerial), Token);
        var stranger = await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("b") with { InternalAddress = OfSerial.Address }), Token);
        var second = await store.ChangeAsync(Samples.Operator, Samples.PutPin(OfMac with { Address = OfSerial.Address }), Token);
        Assert.Equal(RefusalReason.Conflict, stranger.Refusal?.Reason);
        Assert.Contains("serial:a", stranger.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.Conflict, second.Refusal?.Reason);

        await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("c") with { InternalAddress = OfUuid.Address }), Token);
        var taken = await store.ChangeAsync(Samples.Operator, Samples.PutPin(OfUuid), Token);
        Assert.Equal(RefusalReason.Conflict, taken.Refusal?.Reason);
        Assert.Contains("machine c", taken.Refusal!.Detail, StringComparison.Ordinal);
        Assert.NotNull((await store.ChangeAsync(Samples.Operator, Samples.Add(Samples.Machine("a") with { InternalAddress = OfSerial.Address }), Token)).Machine);
        Assert.Equal([OfSerial], store.Current.Pins);
    }

    [Fact]
    public async Task Concurrent_pins_and_machines_never_share_an_address()
    {
        await using var store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => store.ChangeAsync(
            Samples.Operator,
            i % 2 == 0
                ? Samples.PutPin(new Pin(Samples.Key($"serial:p{i}")) { Address = Samples.Address($"10.0.0.{1 + (i / 4)}") })
                : Samples.Add(Samples.Machine($"m{i}") with { InternalAddress = Samples.Address($"10.0.0.{1 + (i / 4)}") }),
            Token)));
        var used = store.Current.Pins.Select(p => p.Address).Concat(store.Current.Machines.Select(m => m.InternalAddress)).ToList();
        Assert.Equal(50, used.Count);
        Assert.Equal(50, used.Distinct().Count());
    }
}
