using Mayu.Core.Machines;

namespace Mayu.Core.Tests.Machines;

public class IdentityConflictTests
{
    private static readonly Guid First = Guid.NewGuid();
    private static readonly Guid Second = Guid.NewGuid();

    [Fact]
    public void The_second_machine_of_a_serial_is_refused_and_both_are_shown()
    {
        var put = Claimed(ClusterSnapshot.Empty.With(Known(First)), Second);
        Assert.Equal(RefusalReason.Conflict, put.Refusal?.Reason);
        Assert.Contains(First.ToString(), put.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Contains(Second.ToString(), put.Refusal.Detail, StringComparison.Ordinal);
        Assert.Equal((Second, Sample.Mac(2)), (put.Machine.Conflict!.Uuid, put.Machine.Conflict.MacAddresses.Single()));
        Assert.Equal((First, Sample.Mac(1), MachineState.Configured), (put.Machine.Uuid, put.Machine.MacAddresses.Single(), put.Machine.State));
    }

    [Theory]
    [InlineData(MachineState.Configured)]
    [InlineData(MachineState.Installing)]
    [InlineData(MachineState.Running)]
    public void It_is_flagged_once_and_then_only_refused(MachineState state)
    {
        var snapshot = ClusterSnapshot.Empty.With(Known(First) with { State = state });
        snapshot = snapshot.With(Claimed(snapshot, Second).Machine);
        var again = Registration.Decide(snapshot, Plan, Sample.Facts("a", mac: 3, Guid.NewGuid()), "id", Sample.Now);
        Assert.Equal(RefusalReason.Conflict, Assert.IsType<Proposal.Refuse>(again).Refusal.Reason);
    }

    [Fact]
    public void The_machine_on_record_goes_on_undisturbed()
    {
        var flagged = Claimed(ClusterSnapshot.Empty.With(Known(First)), Second).Machine;
        var proposal = Registration.Decide(ClusterSnapshot.Empty.With(flagged), Plan, Sample.Facts("a", mac: 1, First), "id", Sample.Now);
        Assert.NotNull((proposal is Proposal.Put put ? put.Machine : Assert.IsType<Proposal.Nothing>(proposal).Machine)!.Conflict);
    }

    [Fact]
    public void Without_a_uuid_other_macs_are_another_machine()
    {
        Assert.NotNull(Claimed(ClusterSnapshot.Empty.With(Known(null)), Second).Refusal);
        Assert.NotNull(Claimed(ClusterSnapshot.Empty.With(Known(First)), null).Refusal);
    }

    [Fact]
    public void An_operator_can_accept_the_claimant_or_dismiss_it()
    {
        var snapshot = ClusterSnapshot.Empty.With(Claimed(ClusterSnapshot.Empty.With(Known(First)), Second).Machine);
        var machine = snapshot.Find(Sample.Serial("a"))!;
        var accepted = Assert.IsType<Proposal.Put>(IdentityConflict.Resolve(snapshot, machine, accept: true)).Machine;
        Assert.Equal((Second, Sample.Mac(2), null), (accepted.Uuid, accepted.MacAddresses.Single(), accepted.Conflict));
        var dismissed = Assert.IsType<Proposal.Put>(IdentityConflict.Resolve(snapshot, machine, accept: false)).Machine;
        Assert.Equal((First, Sample.Mac(1), null), (dismissed.Uuid, dismissed.MacAddresses.Single(), dismissed.Conflict));
        Assert.IsType<Proposal.Refuse>(IdentityConflict.Resolve(snapshot, dismissed, accept: true));
        var stolen = snapshot.With(Sample.Machine("b") with { InternalAddress = null, MacAddresses = [Sample.Mac(2)] });
        Assert.IsType<Proposal.Refuse>(IdentityConflict.Resolve(stolen, machine, accept: true));
    }

    [Fact]
    public void Who_boots_is_another_only_where_both_uuid_and_mac_say_so()
    {
        var known = Known(First);
        Assert.True(IdentityConflict.IsAnother(known, Second, Sample.Mac(2)));
        Assert.False(IdentityConflict.IsAnother(known, Second, Sample.Mac(1)));
        Assert.False(IdentityConflict.IsAnother(known, First, Sample.Mac(2)));
        Assert.False(IdentityConflict.IsAnother(known, null, Sample.Mac(2)));
        Assert.False(IdentityConflict.IsAnother(known, Second, null));
        Assert.False(IdentityConflict.IsAnother(Known(null), Second, Sample.Mac(2)));
        Assert.False(IdentityConflict.IsAnother(known with { MacAddresses = [] }, Second, Sample.Mac(2)));
    }

    [Fact]
    public void The_two_byte_orders_of_a_uuid_are_one_machine()
    {
        var known = Known(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"));
        Assert.False(IdentityConflict.IsAnother(known, Guid.Parse("33221100-5544-7766-8899-aabbccddeeff"), Sample.Mac(2)));
        Assert.True(IdentityConflict.IsAnother(known, Guid.Parse("33221100-5544-7766-8899-aabbccddeefe"), Sample.Mac(2)));
    }

    private static Core.Profiles.ClusterPlan Plan { get; } = Sample.Plan(Sample.Range("10.0.0.10", "10.0.0.12"), Sample.Profile("core", 2));

    private static Machine Known(Guid? uuid) => Sample.Machine("a") with { Uuid = uuid };

    private static Proposal.Put Claimed(ClusterSnapshot snapshot, Guid? uuid) =>
        Assert.IsType<Proposal.Put>(Registration.Decide(snapshot, Plan, Sample.Facts("a", mac: 2, uuid), "id", Sample.Now));
}
