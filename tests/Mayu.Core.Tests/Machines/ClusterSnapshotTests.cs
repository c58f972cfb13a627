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
}
