using System.Collections.Immutable;
using FsCheck.Xunit;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Machines;

public class ClusterSnapshotTests
{
    [Fact]
    public void A_machine_is_found_by_serial_mac_uuid_and_address()
    {
        var machine = Sample.Machine("a") with { Uuid = Guid.NewGuid() };
        var snapshot = ClusterSnapshot.Empty.With(machine);

        Assert.Same(machine, snapshot.Find(machine.Serial));
        Assert.Equal(["a"], Names(snapshot.OwnersOf(Sample.Mac(1))));
        Assert.Equal(["a"], Names(snapshot.OwnersOf(machine.Uuid!.Value)));
        Assert.Equal(["a"], Names(snapshot.OwnersOf(Uuids.Swapped(machine.Uuid!.Value))));
        Assert.True(snapshot.TryFindOwner(Sample.Address("10.0.0.10"), out var owner));
        Assert.Same(machine, owner);
        Assert.Equal(1, snapshot.CountInProfile("core"));
    }

    [Fact]
    public void What_a_machine_gave_up_no_longer_finds_it()
    {
        var machine = Sample.Machine("a") with { Uuid = Guid.NewGuid() };
        var snapshot = ClusterSnapshot.Empty.With(machine).With(machine with { Uuid = null, MacAddresses = [Sample.Mac(2)], Profile = "default" });

        Assert.Empty(Names(snapshot.OwnersOf(Sample.Mac(1))));
        Assert.Empty(Names(snapshot.OwnersOf(machine.Uuid!.Value)));
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
    public bool Every_index_agrees_with_the_records_after_any_updates_and_removals_of_machines_that_share_keys(byte[] steps)
    {
        var snapshot = ClusterSnapshot.Empty;
        foreach (var step in steps)
        {
            snapshot = step % 5 == 0
                ? snapshot.Without(Sample.Serial($"m{step & 7}"))
                : snapshot.With(Sample.Machine($"m{step & 7}") with
                {
                    MacAddresses = [Sample.Mac(1 + ((step >> 3) & 3)), Sample.Mac(10 + (step & 7))],
                    Uuid = (step & 64) == 0 ? null : new Guid((step >> 4) & 1, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]),
                    Hostname = $"h{(step >> 5) & 1}",
                    InternalAddress = new Primitives.Ipv4(0x0a000000 + (uint)(step & 7)),
                    Profile = (step & 16) == 0 ? "core" : "default",
                });
        }

        var machines = snapshot.Machines.OrderBy(machine => machine.Serial).ToList();
        return machines.All(machine => snapshot.TryFindOwner(machine.InternalAddress!.Value, out var owner) && owner == machine)
            && Enumerable.Range(1, 20).All(n => Names(snapshot.OwnersOf(Sample.Mac(n)))
                .SequenceEqual(machines.Where(machine => machine.MacAddresses.Contains(Sample.Mac(n))).Select(machine => machine.Serial.Text)))
            && new[] { 0, 1 }.All(n => new Guid(n, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8]) is var uuid
                && Names(snapshot.OwnersOf(uuid)).SequenceEqual(machines.Where(machine => machine.Uuid == uuid).Select(machine => machine.Serial.Text))
                && Names(snapshot.OwnersOfHostname($"h{n}")).SequenceEqual(machines.Where(machine => machine.Hostname == $"h{n}").Select(machine => machine.Serial.Text)))
            && snapshot.CountInProfile("core") == snapshot.Machines.Count(machine => machine.Profile == "core");
    }

    [Property]
    public bool Machines_that_are_taken_in_together_are_the_same_as_one_after_the_other(byte[] steps)
    {
        var machines = steps.Distinct().Select((step, i) => Sample.Machine($"m{i}") with
        {
            Uuid = (step & 64) == 0 ? null : new Guid(step & 7, 0, 0, new byte[8]),
            MacAddresses = [Sample.Mac(1 + (step & 7)), Sample.Mac(100 + i)],
            InternalAddress = (step & 32) == 0 ? null : new Primitives.Ipv4(0x0a000000 + (uint)(step & 7)),
            Profile = (step & 16) == 0 ? "core" : null,
        }).ToList();
        var one = machines.Aggregate(ClusterSnapshot.Empty, (snapshot, machine) => snapshot.With(machine));
        var all = ClusterSnapshot.Of(machines);
        return all.Count == one.Count && all.LastAssigned == one.LastAssigned
            && all.ProfileCounts.OrderBy(p => p.Key).SequenceEqual(one.ProfileCounts.OrderBy(p => p.Key))
            && machines.All(m => all.Find(m.Serial) == m
                && m.MacAddresses.All(mac => Names(all.OwnersOf(mac)).SequenceEqual(Names(one.OwnersOf(mac))))
                && (m.Uuid is not { } uuid || Names(all.OwnersOf(uuid)).SequenceEqual(Names(one.OwnersOf(uuid))))
                && m.Addresses.All(a => all.TryFindOwner(a, out var owner) && one.TryFindOwner(a, out var same) && owner == same));
    }

    [Fact]
    public void A_key_that_two_had_finds_the_second_when_the_first_gives_it_up()
    {
        var uuid = Guid.NewGuid();
        var first = Sample.Machine("a") with { Uuid = uuid };
        var second = Sample.Machine("b") with { Uuid = uuid, InternalAddress = null };
        foreach (var snapshot in new[] { ClusterSnapshot.Empty.With(first).With(second).Without(first.Serial), ClusterSnapshot.Of([first, second]).With(first with { Uuid = null, MacAddresses = [] }) })
        {
            Assert.Equal(["b"], Names(snapshot.OwnersOf(uuid)));
            Assert.Equal(["b"], Names(snapshot.OwnersOf(Sample.Mac(1))));
        }
    }

    [Fact]
    public void A_uuid_is_shared_when_two_machines_without_a_mac_in_common_have_it_or_an_operator_says_so()
    {
        var uuid = Guid.NewGuid();
        var first = Sample.Machine("a") with { Uuid = uuid };
        var second = Sample.Machine("b") with { Uuid = Uuids.Swapped(uuid), InternalAddress = null };
        Assert.False(ClusterSnapshot.Empty.With(first).IsShared(uuid));
        ImmutableArray<MacAddress> card = [MacAddress.FromOctets([0x00, 0x25, 0x90, 0xaa, 0xbb, 0xcc])];
        Assert.False(ClusterSnapshot.Empty.With(first with { MacAddresses = card }).With(second with { MacAddresses = card }).IsShared(uuid));
        // A locally administered MAC that two have is a board controller's, and no card in common.
        Assert.True(ClusterSnapshot.Empty.With(first).With(second).IsShared(uuid));
        Assert.True(ClusterSnapshot.Empty.With(first).With(second with { MacAddresses = [Sample.Mac(2)] }).IsShared(uuid));
        Assert.True(ClusterSnapshot.Empty.With(first with { SharesUuid = true }).IsShared(uuid));
        Assert.True(ClusterSnapshot.Empty.IsShared(Guid.Empty));
    }

    private static IEnumerable<string> Names(Owners owners) => Enumerable.Range(0, owners.Count).Select(i => owners[i].Text);
}
