using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Identity;

/// <summary>The cases that public bug reports of network boot are about, each by its letter in docs/troubleshooting.md.</summary>
public class IdentityResolverTests
{
    private static readonly Guid U1 = Guid.Parse("10101010-1111-2222-3333-444444444444");
    private static readonly Guid U2 = Guid.Parse("20202020-1111-2222-3333-444444444444");

    [Fact]
    public void A_card_that_moved_makes_no_machine_another_where_serial_and_uuid_are_its_own()
    {
        var cluster = Cluster(("a", U1, [1]), ("b", U2, [2]));
        Assert.Equal("b", Known(cluster, "b", U2, 1));
        Assert.Equal("b", Known(cluster, "b", null, 2));
        // Firmware and GRUB tell no serial: the UUID says b, the card a.
        Assert.Equal(["a", "b"], Conflicting(cluster, null, U2, 1));
    }

    [Fact]
    public void B_a_uuid_alone_is_no_machine()
    {
        var cluster = Cluster(("a", U1, [1]), (U2.ToString(), U2, [2]));
        Assert.Equal(["a"], Conflicting(cluster, null, U1, 7));
        Assert.Equal([U2.ToString()], Conflicting(cluster, "Default string", U2, 7));
        // With a serial of its own it is another board of the same model.
        Assert.True(Resolve(cluster, "c", U1, 7).IsStranger);
    }

    [Fact]
    public void B_boards_whose_uuid_two_machines_have_are_told_apart_by_the_rest()
    {
        var cluster = Cluster(("a", U1, [1]), ("b", U1, [2]));
        Assert.Equal("a", Known(cluster, null, U1, 1));
        Assert.Equal("b", Known(cluster, null, U1, 2));
        Assert.True(Resolve(cluster, null, U1, 3).IsStranger);
    }

    [Fact]
    public void C_a_used_card_in_a_machine_with_another_serial_and_uuid_makes_it_nobody()
    {
        var cluster = Cluster(("a", U1, [1]));
        Assert.True(Resolve(cluster, "c", U2, 1).IsStranger);
        Assert.True(Resolve(cluster, "c", null, 1).IsStranger);
        Assert.Equal(["a"], Conflicting(cluster, null, U2, 1));
    }

    [Fact]
    public void D_an_interface_that_several_machines_have_identifies_none()
    {
        var cluster = Cluster(("a", U1, [1, 50]), ("b", U2, [2, 50]));
        Assert.True(Resolve(cluster, null, null, 50).IsStranger);
        Assert.Equal("b", Known(cluster, null, U2, 50, isAlone: false));
    }

    [Fact]
    public void D_a_card_that_two_records_have_is_told_by_the_uuid_and_one_that_three_have_by_nothing()
    {
        var card = MacAddress.FromOctets([0x00, 0x25, 0x90, 0xaa, 0xbb, 0xcc]);
        var two = Cluster(("a", U1, [1]), ("b", U2, [2]));
        two = two.Machines.Aggregate(two, (all, machine) => all.With(machine with { MacAddresses = [card, .. machine.MacAddresses] }));
        Assert.Equal("a", IdentityResolver.Resolve(Said(null, U1) with { BootMac = card }, two, null).Machine?.Serial.Text);
        Assert.Equal(2, IdentityResolver.Resolve(Said(null, null) with { BootMac = card }, two, null).Conflict?.Machines.Length);
        var three = two.With(Sample.Machine("c") with { MacAddresses = [card], InternalAddress = null });
        Assert.True(IdentityResolver.Resolve(Said(null, null) with { BootMac = card }, three, null).IsStranger);
    }

    [Fact]
    public void E_nodes_of_one_chassis_are_a_conflict_until_an_operator_separates_them()
    {
        var cluster = Cluster(("chassis", U1, [1]));
        Assert.Equal(["chassis"], Conflicting(cluster, "chassis", U2, 2));
        var separated = cluster.With(cluster.Find(Sample.Serial("chassis"))! with { SharesSerial = true });
        Assert.True(Resolve(separated, "chassis", U2, 2).IsStranger);
        Assert.Equal("chassis", Known(separated, "chassis", U1, 1));
        Assert.True(IdentityRule.TryName(Said("chassis", U2) with { BootMac = Sample.Mac(2) }, separated, out var name, out _));
        Assert.Equal(U2.ToString(), name.Text);
    }

    [Fact]
    public void F_a_machine_whose_uuid_changed_is_known_by_serial_and_card_and_doubted_by_the_card_alone()
    {
        Assert.Equal("a", Known(Cluster(("a", U1, [1])), "a", U2, 1));
        Assert.Equal([U1.ToString()], Conflicting(Cluster((U1.ToString(), U1, [1])), null, U2, 1));
    }

    [Fact]
    public void Two_boards_with_one_serial_and_one_uuid_are_never_one_machine()
    {
        var cluster = Cluster(("a", U1, [1]));
        var facts = Sample.Facts("a", [Sample.Mac(2)], U1).Evidence;
        Assert.Equal("a", IdentityResolver.Resolve(facts, cluster, null).Conflict?.Machines.Single().Serial.Text);
    }

    [Fact]
    public void The_two_byte_orders_of_a_uuid_are_one_uuid()
    {
        var cluster = Cluster(("a", U1, [1]));
        Assert.Equal("a", Known(cluster, null, Uuids.Swapped(U1), 1));
        Assert.Equal("a", Known(cluster, "a", Uuids.Swapped(U1), 2));
    }

    [Fact]
    public void What_was_said_with_a_card_before_counts_until_something_else_is_said_with_it()
    {
        var cluster = Cluster(("a", U1, [1]), ("b", U2, [2]));
        var heard = new Heard();
        heard.Note(Sample.Mac(1), null, U2, isOnRecord: true);
        var mac = new Evidence { BootMac = Sample.Mac(1) };
        Assert.Equal(2, IdentityResolver.Resolve(mac, cluster, heard).Conflict?.Machines.Length);
        heard.Note(Sample.Mac(1), Sample.Serial("b"), U2, isOnRecord: true);
        Assert.Equal("b", IdentityResolver.Resolve(mac, cluster, heard).Machine?.Serial.Text);
        heard.Note(Sample.Mac(1), null, U1, isOnRecord: true);
        Assert.Equal("a", IdentityResolver.Resolve(mac, cluster, heard).Machine?.Serial.Text);
        heard.Forget(Sample.Mac(1));
        Assert.Equal("a", IdentityResolver.Resolve(mac, cluster, heard).Machine?.Serial.Text);
    }

    [Fact]
    public void Strangers_push_what_machines_said_out_of_no_memory()
    {
        var heard = new Heard(capacity: 10);
        heard.Note(Sample.Mac(1), null, U1, isOnRecord: true);
        for (var i = 100; i < 1000; i++)
        {
            heard.Note(Sample.Mac(i), null, Guid.NewGuid(), isOnRecord: false);
        }

        Assert.Equal(U1, heard.Recall(Sample.Mac(1)).Uuid);
        Assert.Null(heard.Recall(Sample.Mac(100)).Uuid);
        Assert.NotNull(heard.Recall(Sample.Mac(999)).Uuid);
    }

    [Fact]
    public void To_ask_who_it_is_allocates_nothing_unless_there_is_a_conflict()
    {
        var cluster = Cluster(("a", U1, [1]), (U2.ToString(), U2, [2]));
        var heard = new Heard();
        heard.Note(Sample.Mac(1), Sample.Serial("a"), U1, isOnRecord: true);
        var evidences = new[]
        {
            Said(null, U1) with { BootMac = Sample.Mac(1) }, Said(null, null) with { BootMac = Sample.Mac(2) }, Said("c", null) with { BootMac = Sample.Mac(3) },
        };
        for (var round = 0; round < 200; round++)
        {
            Ask(evidences, cluster, heard);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask(evidences, cluster, heard);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Ask(Evidence[] evidences, ClusterSnapshot cluster, Heard heard)
        {
            foreach (var evidence in evidences)
            {
                IdentityResolver.Resolve(evidence, cluster, heard);
                heard.Note(evidence.BootMac!.Value, null, evidence.Uuid, isOnRecord: true);
            }
        }
    }

    [Fact]
    public void A_conflict_names_all_that_are_meant_why_and_a_remedy_that_deletes_nobody()
    {
        var moved = Resolve(Cluster(("a", U1, [1]), ("b", U2, [2])), null, U2, 1).Conflict!;
        Assert.Contains("the UUID 20202020-1111-2222-3333-444444444444 of machine b", moved.Why, StringComparison.Ordinal);
        Assert.Contains("the MAC 52:54:00:00:00:01 of machine a", moved.Why, StringComparison.Ordinal);
        Assert.Contains("mayuctl set a macs", moved.Remedy, StringComparison.Ordinal);
        Assert.Contains("mayuctl set b macs", moved.Remedy, StringComparison.Ordinal);
        var chassis = Resolve(Cluster(("a", U1, [1])), "a", U2, 2).Conflict!;
        Assert.Contains("the serial of machine a", chassis.Why, StringComparison.Ordinal);
        Assert.Contains("mayuctl resolve a --accept", chassis.Remedy, StringComparison.Ordinal);
        Assert.Contains("mayuctl resolve a --separate", chassis.Remedy, StringComparison.Ordinal);
        Assert.Contains("identity: uuid", chassis.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("delete", moved.Remedy + chassis.Remedy, StringComparison.Ordinal);
    }

    // Beside the machine that is meant, those that speak against it are named; where nobody is meant, those are not that are none.
    [Fact]
    public void A_conflict_names_nobody_who_is_not_meant()
    {
        var cluster = Cluster(("a", U1, [1]), ("b", U2, [2]));
        Assert.Equal(["a", "b"], Conflicting(cluster, "a", U2, 1));
        Assert.Equal(["a"], IdentityResolver.Resolve(Sample.Facts("a", [Sample.Mac(3)], U2).Evidence, cluster, null).Conflict!.Machines.Select(one => one.Serial.Text));
    }

    // One kind of evidence for each: neither is the machine for certain.
    [Fact]
    public void A_serial_and_a_card_of_a_machine_that_says_no_serial_are_a_conflict()
    {
        var cluster = Cluster(("a", null, [2]), (U1.ToString(), U1, [1]));
        Assert.Equal([U1.ToString(), "a"], Conflicting(cluster, "a", null, 1));
    }

    [Fact]
    public void Under_a_rule_that_does_not_look_at_serials_the_nodes_of_a_chassis_are_machines_of_their_own()
    {
        var cluster = Cluster((U1.ToString(), U1, [1]), ("chassis", null, [9]));
        var evidence = IdentityRule.ByUuid.Read(new DmiClaims("chassis", null, U2), Sample.Mac(2));
        Assert.True(IdentityResolver.Resolve(evidence, cluster, null).IsStranger);
        Assert.Equal(U1.ToString(), IdentityResolver.Resolve(IdentityRule.ByUuid.Read(new DmiClaims("chassis", null, U1), Sample.Mac(1)), cluster, null).Machine?.Serial.Text);
    }

    private static ClusterSnapshot Cluster(params (string Serial, Guid? Uuid, int[] Macs)[] machines) => machines.Aggregate(
        ClusterSnapshot.Empty,
        (all, one) => all.With(Sample.Machine(one.Serial, MachineState.Running) with { Uuid = one.Uuid, MacAddresses = [.. one.Macs.Select(Sample.Mac)], InternalAddress = null }));

    private static Evidence Said(string? serial, Guid? uuid) => IdentityRule.BySerial.Read(new DmiClaims(serial, null, uuid), null);

    private static ResolvedIdentity Resolve(ClusterSnapshot cluster, string? serial, Guid? uuid, int mac) =>
        IdentityResolver.Resolve(Said(serial, uuid) with { BootMac = Sample.Mac(mac) }, cluster, heard: null);

    private static string? Known(ClusterSnapshot cluster, string? serial, Guid? uuid, int mac, bool isAlone = true)
    {
        var identity = isAlone ? Resolve(cluster, serial, uuid, mac)
            : IdentityResolver.Resolve(Sample.Facts(serial, [Sample.Mac(mac), Sample.Mac(2)], uuid).Evidence, cluster, null);
        Assert.Null(identity.Conflict);
        return identity.Machine?.Serial.Text;
    }

    private static IEnumerable<string> Conflicting(ClusterSnapshot cluster, string? serial, Guid? uuid, int mac) =>
        Resolve(cluster, serial, uuid, mac).Conflict!.Machines.Select(machine => machine.Serial.Text).Order(StringComparer.Ordinal);
}
