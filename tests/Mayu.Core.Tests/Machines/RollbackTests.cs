using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Machines;

/// <summary>What is unique in the cluster stays so when a record comes back.</summary>
public class RollbackTests
{
    private static readonly Guid Board = new("4c4c4544-0044-3510-8052-c4c04f4d3732");

    private static Machine Earlier => Sample.Machine("a") with { Uuid = Board, Hostname = "a" };

    private static Machine Other => Sample.Machine("b") with { InternalAddress = Sample.Address("10.0.0.11"), MacAddresses = [Sample.Mac(2)], MachineId = new string('b', 32), Hostname = "b" };

    [Fact]
    public void A_machine_does_not_come_back_whose_UUID_another_one_has_now()
    {
        var refused = Refused(Back(Earlier, ClusterSnapshot.Empty.With(Other with { Uuid = Board })));
        Assert.Equal(RefusalReason.Conflict, refused.Reason);
        Assert.Contains("machine b has its UUID", refused.Detail, StringComparison.Ordinal);
        Assert.Contains("mayuctl set b uuid \"\"", refused.Detail, StringComparison.Ordinal);
        Refused(Back(Earlier, ClusterSnapshot.Empty.With(Other with { Uuid = Uuids.Swapped(Board) })));
    }

    [Fact]
    public void A_machine_does_not_go_back_to_a_host_name_or_an_address_that_another_one_has_now()
    {
        var current = Earlier with { Hostname = "a-2", InternalAddress = Sample.Address("10.0.0.12") };
        var named = ClusterSnapshot.Empty.With(current).With(Other with { Hostname = Earlier.Hostname });
        Assert.Contains("cannot go back to the host name a: machine b has it now", Refused(Back(Earlier, named)).Detail, StringComparison.Ordinal);
        Refused(Back(Earlier, ClusterSnapshot.Empty.With(Other with { Hostname = Earlier.Hostname })));

        var addressed = ClusterSnapshot.Empty.With(current).With(Other with { InternalAddress = Earlier.InternalAddress });
        Assert.Contains($"cannot go back to the address {Earlier.InternalAddress}: machine b has it now", Refused(Back(Earlier, addressed)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_does_not_come_back_whose_MAC_another_one_has_now() => Assert.Contains(
        $"machine b has its MAC {Sample.Mac(1)}",
        Refused(Back(Earlier, ClusterSnapshot.Empty.With(Other with { MacAddresses = Earlier.MacAddresses }))).Detail, StringComparison.Ordinal);

    [Fact]
    public void A_UUID_that_tells_no_machine_from_another_keeps_none_from_coming_back()
    {
        Put(Back(Earlier, ClusterSnapshot.Empty.With(Other with { Uuid = Board, SharesUuid = true })));
        Put(Back(Earlier with { SharesUuid = true }, ClusterSnapshot.Empty.With(Other with { Uuid = Board })));
    }

    [Fact]
    public void A_machine_without_a_system_gets_a_new_machine_id_where_another_one_has_its_own()
    {
        var twin = ClusterSnapshot.Empty.With(Other with { MachineId = Earlier.MachineId });
        Assert.Null(Put(Back(Earlier, twin)).Machine.MachineId);

        Assert.Equal(Earlier.MachineId, Put(Back(Earlier, ClusterSnapshot.Empty.With(Other))).Machine.MachineId);

        var current = Earlier with { MachineId = null, Profile = "storage" };
        Assert.Null(Put(Rollback.Decide(twin.With(current), current.Serial, Earlier, "x")).Machine.MachineId);
    }

    [Fact]
    public void A_machine_with_a_system_whose_machine_id_another_one_has_does_not_come_back() =>
        Assert.Contains("machine b has its machine-id", Refused(Back(Earlier with { State = MachineState.Running }, ClusterSnapshot.Empty.With(Other with { MachineId = Earlier.MachineId }))).Detail, StringComparison.Ordinal);

    [Fact]
    public void Pins_of_a_machine_that_comes_back_are_fulfilled_and_hold_no_slot_and_no_address_for_ever()
    {
        PinKey[] keys = [PinKey.Of(Earlier.Serial), PinKey.Of(Uuids.Swapped(Board)), PinKey.Of(Sample.Mac(1))];
        var foreign = PinKey.Of(Sample.Serial("c"));
        var pinned = keys.Append(foreign).Aggregate(
            ClusterSnapshot.Empty, (cluster, key) => cluster.With(new Pin(key) { Profile = "storage", Address = key == keys[0] ? Earlier.InternalAddress : null }));
        var put = Put(Back(Earlier, pinned));
        Assert.Equal(keys, put.Fulfils);
        Assert.Contains($"no longer pinned by {keys[0]}", put.What, StringComparison.Ordinal);
        Assert.Equal(Earlier.InternalAddress, put.Machine.InternalAddress);

        var taken = ClusterSnapshot.Empty.With(new Pin(foreign) { Address = Earlier.InternalAddress });
        Assert.Contains("is reserved for serial:c", Refused(Back(Earlier, taken)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_had_no_profile_yet_keeps_its_pins()
    {
        var pinned = ClusterSnapshot.Empty.With(new Pin(PinKey.Of(Earlier.Serial)) { Profile = "storage" });
        Assert.Empty(Put(Back(Earlier with { State = MachineState.Unknown, Profile = null, InternalAddress = null }, pinned)).Fulfils);
    }

    private static Proposal Back(Machine earlier, ClusterSnapshot snapshot) => Rollback.Decide(snapshot, earlier.Serial, earlier, "x");

    private static Proposal.Put Put(Proposal proposal) => Assert.IsType<Proposal.Put>(proposal);

    private static Refusal Refused(Proposal proposal) => Assert.IsType<Proposal.Refuse>(proposal).Refusal;
}
