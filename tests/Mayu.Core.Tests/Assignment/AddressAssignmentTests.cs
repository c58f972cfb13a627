using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Assignment;

/// <summary>A stranger answers under the address that a machine was just given.</summary>
public class AddressAssignmentTests
{
    private static readonly Ipv4 Occupied = Sample.Address("10.0.0.10");
    private static readonly MacAddress Stranger = Sample.Mac(9);

    // The address was tried, so the plan has it no longer.
    private static readonly ClusterPlan Plan = Sample.Plan(Sample.Range("10.0.0.10", "10.0.0.11")) with { OccupiedAddresses = [Occupied] };

    [Theory]
    [InlineData(MachineState.Unknown)]
    [InlineData(MachineState.Configured)]
    public void A_machine_that_has_not_heard_of_its_address_gets_another_one(MachineState state)
    {
        var put = Assert.IsType<Proposal.Put>(Avoid(Sample.Machine("a", state)));
        Assert.Equal("10.0.0.11", put.Machine.InternalAddress.ToString());
        Assert.Equal($"changed the address from 10.0.0.10 to 10.0.0.11: {Stranger} answers ARP for 10.0.0.10", put.What);
        Assert.Null(put.Refusal);
    }

    [Theory]
    [InlineData(MachineState.Installing)]
    [InlineData(MachineState.Running)]
    public void A_machine_that_has_its_address_in_its_system_keeps_it(MachineState state) =>
        Assert.IsType<Proposal.Nothing>(Avoid(Sample.Machine("a", state)));

    [Fact]
    public void A_machine_that_has_another_address_by_now_keeps_it() =>
        Assert.IsType<Proposal.Nothing>(Avoid(Sample.Machine("a") with { InternalAddress = Sample.Address("10.0.0.11") }));

    [Fact]
    public void Where_no_address_is_free_the_occupied_one_is_given_back_and_the_machine_refused()
    {
        var other = Sample.Machine("b") with { InternalAddress = Sample.Address("10.0.0.11"), MacAddresses = [Sample.Mac(2)] };
        var put = Assert.IsType<Proposal.Put>(Avoid(Sample.Machine("a"), other));
        Assert.Null(put.Machine.InternalAddress);
        Assert.Equal(RefusalReason.PoolFull, put.Refusal?.Reason);
        Assert.Contains($"10.0.0.10 by an unknown device with the MAC {Stranger}", put.Refusal?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_was_deleted_meanwhile_is_refused() =>
        Assert.Equal(RefusalReason.NotFound, Assert.IsType<Proposal.Refuse>(
            AddressAssignment.Avoid(ClusterSnapshot.Empty, Plan, Sample.Serial("a"), Occupied, Stranger)).Refusal.Reason);

    private static Proposal Avoid(Machine machine, params Machine[] others) => AddressAssignment.Avoid(
        others.Aggregate(ClusterSnapshot.Empty.With(machine), (snapshot, other) => snapshot.With(other)), Plan, machine.Serial, Occupied, Stranger);
}
