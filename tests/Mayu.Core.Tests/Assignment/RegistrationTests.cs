using Mayu.Core.Addresses;
using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Assignment;

public class RegistrationTests
{
    private static readonly ClusterPlan Plan = Sample.Plan(
        Sample.Range("10.0.0.10", "10.0.0.12"), Sample.Profile("core", 2) with { Tags = ["role=core"] });

    [Fact]
    public void A_new_machine_takes_the_first_free_slot_an_address_a_name_and_a_machine_id()
    {
        var machine = Put(ClusterSnapshot.Empty, Sample.Facts("ABC 1"));

        Assert.Equal(MachineState.Configured, machine.State);
        Assert.Equal(("core", "10.0.0.10", "abc-1", "id"), (machine.Profile, machine.InternalAddress.ToString(), machine.Hostname, machine.MachineId));
        Assert.Equal(["role=core"], machine.Metadata);
        Assert.Equal(Sample.Now, machine.FirstSeen);
    }

    [Fact]
    public void Two_take_core_and_the_third_falls_to_default()
    {
        var snapshot = ClusterSnapshot.Empty;
        var profiles = new List<string?>();
        for (var i = 1; i <= 3; i++)
        {
            var machine = Put(snapshot, Sample.Facts($"m{i}", i));
            profiles.Add(machine.Profile);
            snapshot = snapshot.With(machine);
        }

        Assert.Equal(["core", "core", "default"], profiles);
        Assert.Equal(3, snapshot.Machines.Select(machine => machine.InternalAddress).Distinct().Count());
    }

    [Fact]
    public void A_full_pool_is_an_error_and_never_an_address_outside()
    {
        var snapshot = ClusterSnapshot.Empty;
        for (var i = 1; i <= 3; i++)
        {
            snapshot = snapshot.With(Put(snapshot, Sample.Facts($"m{i}", i)));
        }

        var refusal = Refused(snapshot, Sample.Facts("m4", 4));
        Assert.Equal(RefusalReason.PoolFull, refusal.Reason);
        Assert.Contains("m4", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("10.0.0.10-10.0.0.12", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_that_belong_to_something_else_are_never_given()
    {
        var plan = Plan with { TakenAddresses = [Sample.Address("10.0.0.10")] };
        var machine = Assert.IsType<Proposal.Put>(Registration.Decide(ClusterSnapshot.Empty, plan, Sample.Facts("a"), "id", Sample.Now)).Machine;
        Assert.Equal("10.0.0.11", machine.InternalAddress.ToString());
    }

    [Theory]
    [InlineData(MachineState.Installed)]
    [InlineData(MachineState.Running)]
    public void A_machine_with_an_os_is_refused_and_told_the_remedy(MachineState state)
    {
        var snapshot = ClusterSnapshot.Empty.With(Sample.Machine("a", state));
        var refusal = Refused(snapshot, Sample.Facts("a"));
        Assert.Equal(RefusalReason.StateForbids, refusal.Reason);
    }

    [Fact]
    public void A_reinstall_keeps_address_name_machine_id_and_profile()
    {
        var before = Sample.Machine("a") with { Hostname = "named", Profile = "default" };
        var after = Put(ClusterSnapshot.Empty.With(before), Sample.Facts("a") with { ConnectedNic = "eth7" });
        Assert.Equal((before.InternalAddress, "named", before.MachineId, "default"), (after.InternalAddress, after.Hostname, after.MachineId, after.Profile));
    }

    [Fact]
    public void A_machine_that_lost_power_while_installing_goes_on_installing()
    {
        var after = Put(ClusterSnapshot.Empty.With(Sample.Machine("a", MachineState.Installing)), Sample.Facts("a") with { ConnectedNic = "eth7" });
        Assert.Equal(MachineState.Installing, after.State);
    }

    [Fact]
    public void A_machine_that_says_the_same_again_and_again_does_not_fill_the_history()
    {
        var facts = Sample.Facts("a") with
        {
            Facts = new MachineFacts { Firmware = "bios", Disks = [new DiskFacts { Name = "vda", SizeBytes = 1 }] },
        };
        var snapshot = ClusterSnapshot.Empty.With(Put(ClusterSnapshot.Empty, facts));
        var again = facts with { MacAddresses = [.. facts.MacAddresses], Facts = facts.Facts with { Disks = [.. facts.Facts.Disks] } };
        Assert.IsType<Proposal.Nothing>(Registration.Decide(snapshot, Plan, again, "other", Sample.Now));
        Assert.IsType<Proposal.Put>(Registration.Decide(snapshot, Plan, again with { Facts = again.Facts with { Disks = [] } }, "other", Sample.Now));
    }

    [Fact]
    public void A_new_nic_beside_an_old_one_is_no_conflict_whatever_the_uuid_says()
    {
        foreach (var uuid in new Guid?[] { Guid.NewGuid(), null })
        {
            var snapshot = ClusterSnapshot.Empty.With(Sample.Machine("a") with { Uuid = Guid.NewGuid() });
            Assert.Equal([Sample.Mac(2), Sample.Mac(1)], Put(snapshot, Sample.Facts("a", [Sample.Mac(2), Sample.Mac(1)], uuid)).MacAddresses);
        }
    }

    [Fact]
    public void All_the_macs_of_another_machine_and_no_uuid_are_a_conflict()
    {
        var snapshot = ClusterSnapshot.Empty.With(Sample.Machine("a"));
        var refusal = Assert.IsType<Proposal.Put>(Registration.Decide(snapshot, Plan, Sample.Facts("b"), "id", Sample.Now)).Refusal!;
        Assert.Equal(RefusalReason.Conflict, refusal.Reason);
        Assert.Contains("machine a", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_was_switched_off_is_refused() =>
        Assert.Equal(RefusalReason.Disabled, Refused(ClusterSnapshot.Empty.With(Sample.Machine("a") with { Enabled = false }), Sample.Facts("a")).Reason);

    [Fact]
    public void A_profile_that_the_configuration_lost_is_not_silently_replaced()
    {
        var refusal = Refused(ClusterSnapshot.Empty.With(Sample.Machine("a") with { Profile = "gone" }), Sample.Facts("a"));
        Assert.Contains("gone", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_without_a_nic_are_refused() =>
        Assert.Equal(RefusalReason.Invalid, Refused(ClusterSnapshot.Empty, Sample.Facts("a", [])).Reason);

    [Fact]
    public void A_profile_is_for_machines_that_have_what_it_requires()
    {
        var plan = Plan with { Profiles = [Sample.Profile("core", 2) with { Requires = new ProfileRequirements { MemoryBytes = 64L << 30 } }, .. Plan.Profiles[1..]] };
        var weak = Sample.Facts("a") with { Facts = new MachineFacts { MemoryBytes = 8L << 30 } };
        var strong = Sample.Facts("b", 2) with { Facts = new MachineFacts { MemoryBytes = 64L << 30 } };

        var refusedSlot = Assert.IsType<Proposal.Put>(Registration.Decide(ClusterSnapshot.Empty, plan, weak, "id", Sample.Now));
        Assert.Equal("default", refusedSlot.Machine.Profile);
        Assert.Contains("not core: it has 8 GiB of memory, 64 GiB are required", refusedSlot.What, StringComparison.Ordinal);
        Assert.Equal("core", Assert.IsType<Proposal.Put>(Registration.Decide(ClusterSnapshot.Empty.With(refusedSlot.Machine), plan, strong, "id", Sample.Now)).Machine.Profile);
    }

    [Fact]
    public void Every_further_interface_gets_an_address_of_its_own_that_stays()
    {
        var plan = Plan with { ExtraNics = [new ExtraNic("eth1", Sample.Subnet("10.1.0.0/24"), Sample.Range("10.1.0.5", "10.1.0.6"))] };
        var snapshot = ClusterSnapshot.Empty;
        foreach (var i in new[] { 1, 2 })
        {
            snapshot = snapshot.With(Assert.IsType<Proposal.Put>(Registration.Decide(snapshot, plan, Sample.Facts($"m{i}", i), "id", Sample.Now)).Machine);
        }

        Assert.Equal(["10.1.0.5", "10.1.0.6"], snapshot.Machines.Select(machine => machine.AdditionalAddresses["eth1"].ToString()).Order());
        Assert.True(snapshot.TryFindOwner(Sample.Address("10.1.0.6"), out _));
        var full = Assert.IsType<Proposal.Refuse>(Registration.Decide(snapshot, plan, Sample.Facts("m3", 3), "id", Sample.Now)).Refusal;
        Assert.Equal(RefusalReason.PoolFull, full.Reason);
        Assert.Contains("eth1", full.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Excluded_and_occupied_addresses_are_never_given()
    {
        var plan = Plan with { ExcludedRanges = [Sample.Range("10.0.0.9", "10.0.0.10")], OccupiedAddresses = [Sample.Address("10.0.0.11")] };
        Assert.Equal("10.0.0.12", Assert.IsType<Proposal.Put>(Registration.Decide(ClusterSnapshot.Empty, plan, Sample.Facts("a"), "id", Sample.Now)).Machine.InternalAddress.ToString());
    }

    [Fact]
    public void A_host_name_that_another_machine_has_is_told_with_that_machine()
    {
        var first = Put(ClusterSnapshot.Empty, Sample.Facts("ab/1"));
        var put = Assert.IsType<Proposal.Put>(Registration.Decide(ClusterSnapshot.Empty.With(first), Plan, Sample.Facts("ab.1", 2), "id", Sample.Now));
        Assert.Equal("ab-1", first.Hostname);
        Assert.Matches("^ab-1-[0-9a-f]{5}$", put.Machine.Hostname);
        Assert.Equal($"updated state to configured (profile core, address 10.0.0.11, host name {put.Machine.Hostname} because machine ab/1 has ab-1)", put.What);
    }

    [Fact]
    public void A_machine_whose_firmware_tells_no_serial_is_called_as_it_asks_unless_that_is_its_mac()
    {
        var facts = Sample.Facts(null, 1, Guid.Parse("20202020-1111-2222-3333-444444444444"));
        Assert.Equal("rack-7", Put(ClusterSnapshot.Empty, facts with { Claimed = Sample.Serial("rack-7") }).Serial.Text);
        Assert.Equal("20202020-1111-2222-3333-444444444444", Put(ClusterSnapshot.Empty, facts with { Claimed = Sample.Serial(Sample.Mac(1).ToString()) }).Serial.Text);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(9, false)]
    public void The_mac_that_a_machine_asks_as_must_be_one_of_its_own(int mac, bool accepted)
    {
        var facts = Sample.Facts("a") with { Claimed = Sample.Serial(Sample.Mac(mac).ToString()) };
        Assert.Equal(accepted, Registration.Decide(ClusterSnapshot.Empty, Plan, facts, "id", Sample.Now) is Proposal.Put { Refusal: null });
    }

    private static Machine Put(ClusterSnapshot snapshot, FactsReceived facts) =>
        Assert.IsType<Proposal.Put>(Registration.Decide(snapshot, Plan, facts, "id", Sample.Now)).Machine;

    private static Refusal Refused(ClusterSnapshot snapshot, FactsReceived facts) =>
        Assert.IsType<Proposal.Refuse>(Registration.Decide(snapshot, Plan, facts, "id", Sample.Now)).Refusal;
}
