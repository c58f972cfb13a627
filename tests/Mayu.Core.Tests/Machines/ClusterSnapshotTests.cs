using FsCheck.Xunit;
using Mayu.Core.Machines;

namespace Mayu.Core.Tests.Machines;

public class ClusterSnapshotTests
{
    [Fact]
    public void A_machine_is_found_by_serial_mac_uuid_and_address()
    {
        var machine = Sample.Machine("a") with { Uuid = Guid.NewGuid() };
        var snapshot = ClusterSnapshot.Empty.With(machine);

        Assert.Same(machine, snapshot.Find(machine.Serial));
        Assert.Same(machine, snapshot.Find(Sample.Mac(1)));
        Assert.Same(machine, snapshot.Find(machine.Uuid!.Value));
        Assert.True(snapshot.TryFindOwner(Sample.Address("10.0.0.10"), out var owner));
        Assert.Same(machine, owner);
        Assert.Equal(1, snapshot.CountInProfile("core"));
    }

    [Fact]
    public void What_a_machine_gave_up_no_longer_finds_it()
    {
        var machine = Sample.Machine("a") with { Uuid = Guid.NewGuid() };
        var snapshot = ClusterSnapshot.Empty.With(machine).With(machine with { Uuid = null, MacAddresses = [Sample.Mac(2)], Profile = "default" });

        Assert.Null(snapshot.Find(Sample.Mac(1)));
        Assert.Null(snapshot.Find(machine.Uuid!.Value));
        Assert.Equal((0, 1), (snapshot.CountInProfile("core"), snapshot.CountInProfile("default")));
    }

    [Fact]
    public void A_snapshot_that_was_taken_never_changes()
    {
        var before = ClusterSnapshot.Empty.With(Sample.Machine("a"));
        before.With(Sample.Machine("a", MachineState.Running)).With(Sample.Machine("b"));
        Assert.Equal((1, MachineState.Configured), (before.Count, before.Find(Sample.Serial("a"))!.State));
    }

    [Property]
    public bool Every_index_agrees_with_the_records_after_any_updates(byte[] steps)
    {
        var snapshot = ClusterSnapshot.Empty;
        foreach (var step in steps)
        {
            snapshot = snapshot.With(Sample.Machine($"m{step & 7}") with
            {
                MacAddresses = [Sample.Mac(1 + ((step & 7) * 2) + ((step >> 3) & 1))],
                InternalAddress = new Core.Addresses.Ipv4(0x0a000000 + (uint)(step & 7)),
                Profile = (step & 16) == 0 ? "core" : "default",
            });
        }

        return snapshot.Machines.All(machine => snapshot.Find(machine.MacAddresses[0]) == machine
                && snapshot.TryFindOwner(machine.InternalAddress!.Value, out var owner) && owner == machine)
            && snapshot.CountInProfile("core") == snapshot.Machines.Count(machine => machine.Profile == "core");
    }

    [Property]
    public bool Machines_that_are_taken_in_together_are_the_same_as_one_after_the_other(byte[] steps)
    {
        var machines = steps.Distinct().Select((step, i) => Sample.Machine($"m{i}") with
        {
            Uuid = (step & 64) == 0 ? null : new Guid(step & 7, 0, 0, new byte[8]),
            MacAddresses = [Sample.Mac(1 + (step & 7)), Sample.Mac(100 + i)],
            InternalAddress = (step & 32) == 0 ? null : new Core.Addresses.Ipv4(0x0a000000 + (uint)(step & 7)),
            Profile = (step & 16) == 0 ? "core" : null,
        }).ToList();
        var one = machines.Aggregate(ClusterSnapshot.Empty, (snapshot, machine) => snapshot.With(machine));
        var all = ClusterSnapshot.Of(machines);
        return all.Count == one.Count && all.LastAssigned == one.LastAssigned
            && all.ProfileCounts.OrderBy(p => p.Key).SequenceEqual(one.ProfileCounts.OrderBy(p => p.Key))
            && machines.All(m => all.Find(m.Serial) == m
                && m.MacAddresses.All(mac => all.Find(mac) == one.Find(mac))
                && (m.Uuid is not { } uuid || all.Find(uuid) == one.Find(uuid))
                && m.Addresses.All(a => all.TryFindOwner(a, out var owner) && one.TryFindOwner(a, out var same) && owner == same));
    }
}
