using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Assignment;

public class PinningTests
{
    private static readonly Guid Uuid = Guid.NewGuid();
    private static readonly ClusterPlan Plan = Sample.Plan(Sample.Range("10.0.0.10", "10.0.0.12"), Sample.Profile("core"), Sample.Profile("storage"));

    public static TheoryData<string> Keys => [$"serial:a", $"uuid:{Uuid}", $"mac:{Sample.Mac(1)}", "a", Uuid.ToString(), Sample.Mac(1).ToString()];

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_machine_takes_what_was_pinned_for_it_before_it_was_seen_and_the_pin_is_gone(string text)
    {
        var snapshot = Pinned(ClusterSnapshot.Empty, text, "storage", "10.0.0.12");
        var put = Registered(snapshot, "a", 1);
        Assert.Equal(("storage", "10.0.0.12"), (put.Machine.Profile, put.Machine.InternalAddress.ToString()));
        Assert.Equal(snapshot.Pins.Single().Key, Assert.Single(put.Fulfils));
    }

    [Fact]
    public void A_pinned_slot_and_a_pinned_address_are_given_to_nobody_else()
    {
        var snapshot = Pinned(ClusterSnapshot.Empty, "z", "core", "10.0.0.10");
        var other = Registered(snapshot, "a", 1).Machine;
        Assert.Equal(("storage", "10.0.0.11"), (other.Profile, other.InternalAddress.ToString()));
        Assert.Equal(("core", "10.0.0.10"), (Registered(snapshot.With(other), "z", 2).Machine.Profile, Registered(snapshot.With(other), "z", 2).Machine.InternalAddress.ToString()));
    }

    [Fact]
    public void Two_pins_of_one_machine_add_up_and_the_serial_goes_before()
    {
        var snapshot = Pinned(Pinned(ClusterSnapshot.Empty, "a", "core", null), Sample.Mac(1).ToString(), "storage", "10.0.0.12");
        var put = Registered(snapshot, "a", 1);
        Assert.Equal(("core", "10.0.0.12"), (put.Machine.Profile, put.Machine.InternalAddress.ToString()));
        Assert.Equal(2, put.Fulfils.Length);
    }

    [Fact]
    public void A_profile_can_be_pinned_beyond_its_quantity()
    {
        var full = ClusterSnapshot.Empty.With(Sample.Machine("b") with { MacAddresses = [Sample.Mac(9)] });
        Assert.Equal("core", Registered(Pinned(full, "a", "core", null), "a", 1).Machine.Profile);
    }

    [Theory]
    [InlineData("10.0.0.10", "machine b has it")]
    [InlineData("10.0.0.11", "reserved for serial:c")]
    [InlineData("10.0.0.99", "outside")]
    public void An_address_that_is_not_free_cannot_be_reserved(string address, string expected)
    {
        var snapshot = Pinned(ClusterSnapshot.Empty.With(Sample.Machine("b")), "c", null, "10.0.0.11");
        var refusal = Refused(Pinning.Set(snapshot, Plan, Key("a"), null, Sample.Address(address)));
        Assert.Equal(RefusalReason.Conflict, refusal.Reason);
        Assert.Contains(expected, refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reserved_address_that_lies_outside_the_pool_by_now_is_given_to_nobody()
    {
        var snapshot = Pinned(ClusterSnapshot.Empty, "a", null, "10.0.0.12");
        var smaller = Plan with { InternalRange = Sample.Range("10.0.0.10", "10.0.0.11") };
        var refusal = Refused(Registration.Decide(snapshot, smaller, Sample.Facts("a", 1, Uuid), "id", Sample.Now));
        Assert.Equal(RefusalReason.Conflict, refusal.Reason);
        Assert.Contains("outside network.internal_range 10.0.0.10-10.0.0.11", refusal.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MachineState.Configured)]
    [InlineData(MachineState.Installing)]
    public void A_pin_for_a_card_that_was_built_in_later_is_done_with_and_changes_no_state(MachineState state)
    {
        var snapshot = Pinned(ClusterSnapshot.Empty.With(Sample.Machine("a", state) with { Uuid = Uuid }), Sample.Mac(2).ToString(), "storage", null);
        var facts = Sample.Facts("a", [Sample.Mac(1), Sample.Mac(2)], Uuid);
        var put = Assert.IsType<Proposal.Put>(Registration.Decide(snapshot, Plan, facts, "id", Sample.Now));
        Assert.Equal((state, "core", "reported new facts"), (put.Machine.State, put.Machine.Profile, put.What));
        Assert.Single(put.Fulfils);
    }

    [Fact]
    public void A_uuid_that_was_pinned_in_its_other_byte_order_is_the_same_pin()
    {
        var snapshot = Pinned(ClusterSnapshot.Empty, Uuids.Swapped(Uuid).ToString(), "storage", "10.0.0.12");
        var put = Registered(snapshot, "a", 1);
        Assert.Equal(("storage", "10.0.0.12"), (put.Machine.Profile, put.Machine.InternalAddress.ToString()));
        Assert.Single(put.Fulfils);
        Assert.Equal(RefusalReason.Conflict, Refused(Pinning.Set(snapshot, Plan, Key(Uuid.ToString()), "core", null)).Reason);
    }

    [Fact]
    public void A_uuid_that_is_the_same_in_both_byte_orders_can_be_pinned_again()
    {
        var key = Guid.Parse("11111111-2222-3333-4444-555555555555").ToString();
        Assert.Equal("storage", Pinned(Pinned(ClusterSnapshot.Empty, key, "core", null), key, "storage", null).Pins.Single().Profile);
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var snapshot = ClusterSnapshot.Empty.With(Sample.Machine("b"));
        Assert.Contains("core, storage, default", Refused(Pinning.Set(snapshot, Plan, Key("a"), "nonsense", null)).Detail, StringComparison.Ordinal);
        Assert.Contains("mayuctl set b profile", Refused(Pinning.Set(snapshot, Plan, Key(Sample.Mac(1).ToString()), "core", null)).Detail, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.Invalid, Refused(Pinning.Set(snapshot, Plan, Key("a"), null, null)).Reason);
        Assert.Equal(RefusalReason.NotFound, Refused(Pinning.Remove(snapshot, Key("a"))).Reason);
    }

    [Fact]
    public void A_pin_can_be_changed_and_taken_away()
    {
        var snapshot = Pinned(Pinned(ClusterSnapshot.Empty, "a", "core", "10.0.0.10"), "a", "storage", null);
        Assert.Equal(new Pin(Key("a")) { Profile = "storage", Address = Sample.Address("10.0.0.10") }, snapshot.Pins.Single());
        Assert.IsType<Proposal.Nothing>(Pinning.Set(snapshot, Plan, Key("a"), "storage", null));
        Assert.IsType<Proposal.DeletePin>(Pinning.Remove(snapshot, Key("a")));
        var free = snapshot.Without(Key("a"));
        Assert.Equal((0, 0), (free.CountPinned("storage"), free.Pins.Count()));
        Assert.Null(free.FindPin(Sample.Address("10.0.0.10")));
    }

    [Theory]
    [InlineData("mac:nonsense")]
    [InlineData("uuid:1")]
    [InlineData("")]
    [InlineData("serial:")]
    public void A_key_that_names_nothing_is_refused(string text)
    {
        Assert.False(PinKey.TryParse(text, out _, out var refusal));
        Assert.NotEmpty(refusal);
    }

    [Fact]
    public void As_many_pins_as_are_allowed_are_kept_and_no_more()
    {
        var full = Enumerable.Range(1, Pinning.MaxPins - 1).Aggregate(ClusterSnapshot.Empty, (all, i) => all.With(new Pin(PinKey.Of(Sample.Serial($"s{i}"))) { Profile = "core" }));
        full = Pinned(full, "the-last", "core", null);
        Assert.Equal(RefusalReason.Invalid, Refused(Pinning.Set(full, Plan, Key("one-more"), "core", null)).Reason);
        Assert.Equal("storage", Pinned(full, "the-last", "storage", null).FindPin(Key("the-last"))?.Profile);
    }

    [Theory]
    [InlineData("mac:52:54:00:00:00:01", "serial:a")]
    [InlineData("serial:a", "serial:b")]
    public void Keys_of_pins_have_one_order_however_it_is_asked_for(string first, string second)
    {
        var (less, more) = (Key(first), Key(second));
        Assert.True(less < more && less <= more && more > less && more >= less);
        Assert.False(more < less || more <= less || less > more || less >= more);
        Assert.True(less <= Key(less.Text) && less >= Key(less.Text));
        Assert.False(less < Key(less.Text) || less > Key(less.Text));
    }

    private static PinKey Key(string text) => PinKey.TryParse(text, out var key, out var refusal) ? key : throw new ArgumentException(refusal, nameof(text));

    private static ClusterSnapshot Pinned(ClusterSnapshot snapshot, string key, string? profile, string? address) =>
        snapshot.With(Assert.IsType<Proposal.PutPin>(Pinning.Set(snapshot, Plan, Key(key), profile, address is null ? null : Sample.Address(address))).Pin);

    private static Proposal.Put Registered(ClusterSnapshot snapshot, string serial, int mac) =>
        Assert.IsType<Proposal.Put>(Registration.Decide(snapshot, Plan, Sample.Facts(serial, mac, Uuid), "id", Sample.Now));

    private static Refusal Refused(Proposal proposal) => Assert.IsType<Proposal.Refuse>(proposal).Refusal;
}
