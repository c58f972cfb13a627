using System.Collections.Immutable;
using Mayu.Core.Assignment;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;
using Mayu.Primitives;

namespace Mayu.Core.Tests.Identity;

/// <summary>Cases that once had a running machine installed over, a report end in an exception, or a remedy that did not help.</summary>
public class IdentityHardCasesTests
{
    private static readonly Guid U1 = Guid.Parse("10101010-1111-2222-3333-444444444444");
    private static readonly Guid U2 = Guid.Parse("20202020-1111-2222-3333-444444444444");
    private static readonly ClusterPlan Plan = Sample.Plan(Sample.Range("10.0.0.10", "10.0.0.200"), Sample.Profile("core", 200));

    [Fact]
    public void A_new_machine_with_more_used_cards_than_candidates_fit_is_a_stranger()
    {
        var cluster = Cluster([.. Enumerable.Range(1, 20).Select(i => ($"old-{i}", (Guid?)new Guid(i, 1, 1, [1, 1, 1, 1, 1, 1, 1, 1]), new[] { i }))]);
        var facts = Sample.Facts("new", [.. Enumerable.Range(1, 20).Select(Sample.Mac)], U2);
        Assert.True(IdentityResolver.Resolve(facts.Evidence, cluster, null).IsStranger);
        Assert.Equal("new", Assert.IsType<Proposal.Put>(Decide(cluster, facts)).Machine.Serial.Text);

        // The last of many that it may be is a machine with a system, too.
        var doubted = cluster.With(Running(Sample.Mac(21).ToString(), U1, 21));
        var refused = Assert.IsType<Proposal.Put>(Decide(doubted, Sample.Facts("new", [.. Enumerable.Range(1, 21).Select(Sample.Mac)], U2)));
        Assert.Equal((Sample.Mac(21).ToString(), RefusalReason.Conflict), (refused.Machine.Serial.Text, refused.Refusal?.Reason));
    }

    [Fact]
    public void A_machine_that_is_named_by_a_card_it_has_no_longer_is_known_by_those_it_has()
    {
        var named = Running(Sample.Mac(1).ToString(), U1, 2);
        var cluster = ClusterSnapshot.Empty.With(named);
        // Its former card is in another one: that is nobody, and what it says is no exception.
        Assert.True(IdentityResolver.Resolve(Sample.Facts(null, [Sample.Mac(1)], U2).Evidence, cluster, null).IsStranger);
        Assert.Equal(0, cluster.OwnersOf(Sample.Mac(1)).Count);
        Assert.Equal(named.Serial, IdentityResolver.Resolve(Sample.Facts(null, [Sample.Mac(2)]).Evidence, cluster, null).Machine?.Serial);
        // Until its cards are known, its name is all there is.
        var old = ClusterSnapshot.Empty.With(named with { MacAddresses = [] });
        Assert.Equal(named.Serial, IdentityResolver.Resolve(Sample.Facts(null, [Sample.Mac(1)]).Evidence, old, null).Machine?.Serial);
        Assert.NotNull(IdentityResolver.Resolve(Sample.Facts(null, [Sample.Mac(1)], U2).Evidence, old, null).Conflict);
    }

    [Fact]
    public void To_separate_leaves_a_machine_with_a_system_something_of_its_own()
    {
        // A record of the first Mayu: no UUID but its name, no cards.
        var cluster = ClusterSnapshot.Empty.With(Running(U1.ToString(), null));
        var flagged = Assert.IsType<Proposal.Put>(Decide(cluster, Sample.Facts(null, [Sample.Mac(7)], U1))).Machine;
        var refused = Assert.IsType<Proposal.Refuse>(ConflictResolution.Decide(cluster.With(flagged), flagged, ConflictVerdict.Separate));
        Assert.Equal(RefusalReason.StateForbids, refused.Refusal.Reason);
        Assert.Contains($"mayuctl set {U1} macs", refused.Refusal.Detail, StringComparison.Ordinal);

        var withCards = flagged with { MacAddresses = [Sample.Mac(1)] };
        Assert.IsType<Proposal.Put>(ConflictResolution.Decide(cluster.With(withCards), withCards, ConflictVerdict.Separate));
    }

    [Fact]
    public void A_stranger_that_asks_as_a_machine_one_of_whose_cards_it_has_is_told_to_boot_again()
    {
        var cluster = ClusterSnapshot.Empty.With(Running("a", U1, 1, 2));
        var facts = Sample.Facts("b", [Sample.Mac(1), Sample.Mac(9)], U2);
        Assert.True(Registration.Identify(cluster, facts).IsStranger);
        var conflict = Registration.Identify(cluster, facts with { Claimed = Sample.Serial("a") }).Conflict!;
        Assert.Equal(["a"], conflict.Machines.Select(machine => machine.Serial.Text));
        Assert.StartsWith("Boot it from the network once more", conflict.Remedy, StringComparison.Ordinal);
        Assert.Contains("mayuctl resolve a --dismiss", conflict.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1, true)]
    [InlineData(9, 1, false)]
    [InlineData(1, 9, false)]
    public void A_board_with_another_serial_is_doubted_where_all_its_cards_are_those_on_record(int first, int second, bool isDoubted)
    {
        var cluster = ClusterSnapshot.Empty.With(Running("a", null, 1, 2));
        var identity = IdentityResolver.Resolve(Sample.Facts("b", [Sample.Mac(first), Sample.Mac(second)]).Evidence, cluster, null);
        Assert.Equal((isDoubted, !isDoubted), (identity.Conflict is not null, identity.IsStranger));
    }

    [Theory]
    [InlineData("named", true)]
    [InlineData("said", true)]
    [InlineData("another", false)]
    public void A_serial_that_both_say_tells_neither_once_they_are_separated(string claimed, bool isShared)
    {
        var flagged = Running("named", U1, 1) with { SaidSerial = Sample.Serial("said"), Conflict = new IdentityClaim(Sample.Serial(claimed), U2, [Sample.Mac(9)], Sample.Now) };
        var separated = Assert.IsType<Proposal.Put>(ConflictResolution.Decide(ClusterSnapshot.Empty.With(flagged), flagged, ConflictVerdict.Separate));
        Assert.Equal((isShared, false), (separated.Machine.SharesSerial, separated.Machine.SharesUuid));
        Assert.EndsWith(isShared ? ": serial in common" : ": no name in common", separated.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "If a network card moved from a to b")]
    [InlineData(9, "Boot it from the network once more")]
    public void A_machine_that_asks_as_another_one_may_have_a_card_of_it(int card, string remedy)
    {
        var cluster = ClusterSnapshot.Empty.With(Running("a", U1, 1, 2)).With(Running("b", U2, 3));
        var facts = Sample.Facts("b", [Sample.Mac(3), Sample.Mac(card)], U2) with { Claimed = Sample.Serial("a") };
        Assert.StartsWith(remedy, Registration.Identify(cluster, facts).Conflict!.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_machine_that_is_named_by_a_card_which_the_other_one_has_must_have_a_uuid_to_be_separated(bool hasUuid)
    {
        var flagged = Running(Sample.Mac(1).ToString(), hasUuid ? U1 : null, 1) with { Conflict = new IdentityClaim(null, U2, [Sample.Mac(1)], Sample.Now) };
        var proposal = ConflictResolution.Decide(ClusterSnapshot.Empty.With(flagged), flagged, ConflictVerdict.Separate);
        Assert.Equal(hasUuid, proposal is Proposal.Put { Machine.MacAddresses.IsEmpty: true });
        Assert.Equal(!hasUuid, proposal is Proposal.Refuse);
    }

    [Fact]
    public void A_machine_whose_serial_was_written_anew_is_known_once_it_is_accepted()
    {
        var cluster = ClusterSnapshot.Empty.With(Running("old-serial", U1, 1));
        var facts = Sample.Facts("new-serial", [Sample.Mac(1)], U1);
        var flagged = Assert.IsType<Proposal.Put>(Decide(cluster, facts)).Machine;
        var accepted = Assert.IsType<Proposal.Put>(ConflictResolution.Decide(cluster, flagged, ConflictVerdict.Accept)).Machine;
        cluster = cluster.With(accepted);
        foreach (var evidence in new[] { facts.Evidence, Sample.Facts("new-serial", [Sample.Mac(9)], U1).Evidence with { AllMacs = default } })
        {
            Assert.Equal("old-serial", IdentityResolver.Resolve(evidence, cluster, null).Machine?.Serial.Text);
        }

        // Nothing but the new serial is left of it: it may be that machine.
        Assert.NotNull(IdentityResolver.Resolve(Sample.Facts("new-serial", [Sample.Mac(8)], U2).Evidence, cluster, null).Conflict);
    }

    [Fact]
    public void Under_a_template_with_the_uuid_a_machine_whose_uuid_changed_is_doubted_and_not_installed_over()
    {
        var rule = Rule("{serial}-{uuid}");
        var cluster = ClusterSnapshot.Empty.With(Running($"chassis-{U1}", U1, 1));
        var moved = Facts(rule, "chassis", null, U2, 1);
        Assert.NotNull(IdentityResolver.Resolve(moved.Evidence, cluster, null).Conflict);
        Assert.NotNull(IdentityResolver.Resolve(moved.Evidence with { AllMacs = default }, cluster, null).Conflict);
        var flagged = Assert.IsType<Proposal.Put>(Decide(cluster, moved)).Machine;
        var accepted = Assert.IsType<Proposal.Put>(ConflictResolution.Decide(cluster, flagged, ConflictVerdict.Accept)).Machine;
        Assert.Equal(flagged.Serial, IdentityResolver.Resolve(moved.Evidence, cluster.With(accepted), null).Machine?.Serial);
        // The next node of the chassis is another machine.
        Assert.True(IdentityResolver.Resolve(Facts(rule, "chassis", null, U2, 2).Evidence, cluster, null).IsStranger);
    }

    [Fact]
    public void Under_a_template_with_the_uuid_either_byte_order_is_the_same_machine()
    {
        var rule = Rule("{serial}-{uuid}");
        var cluster = ClusterSnapshot.Empty.With(Registered(ClusterSnapshot.Empty, Facts(rule, "chassis", null, U1, 1)) with { State = MachineState.Running });
        var name = Assert.Single(cluster.Machines).Serial;
        foreach (var evidence in new[] { Facts(rule, "chassis", null, Uuids.Swapped(U1), 1).Evidence, rule.Read(new DmiClaims("chassis", null, Uuids.Swapped(U1)), Sample.Mac(1)) })
        {
            Assert.Equal(name, IdentityResolver.Resolve(evidence, cluster, null).Machine?.Serial);
        }
    }

    [Theory]
    [InlineData("{board_serial}", "serial")]
    [InlineData("{serial}-{uuid}", "serial")]
    [InlineData("serial", "{board_serial}")]
    [InlineData("serial", "uuid")]
    [InlineData("uuid", "serial")]
    [InlineData("mac", "serial")]
    [InlineData("mac", "uuid")]
    public void A_running_machine_is_known_after_the_rule_changed_and_doubted_with_a_new_card(string before, string after)
    {
        var cluster = ClusterSnapshot.Empty;
        foreach (var (uuid, node) in new[] { (U1, 1), (U2, 2) })
        {
            cluster = cluster.With(Registered(cluster, Facts(Rule(before), $"s{node}", $"b{node}", uuid, node)) with { State = MachineState.Running });
        }

        var names = cluster.Machines.OrderBy(machine => machine.MacAddresses[0]).Select(machine => machine.Serial).ToList();
        foreach (var (uuid, node) in new[] { (U1, 1), (U2, 2) })
        {
            var facts = Facts(Rule(after), $"s{node}", $"b{node}", uuid, node);
            foreach (var evidence in new[] { facts.Evidence, facts.Evidence with { AllMacs = default } })
            {
                Assert.Equal(names[node - 1], IdentityResolver.Resolve(evidence, cluster, null).Machine?.Serial);
            }

            var proposal = Decide(cluster, Facts(Rule(after), $"s{node}", $"b{node}", uuid, node + 10));
            Assert.True(proposal is Proposal.Refuse or Proposal.Put { Refusal: not null }, $"{proposal}");
        }
    }

    [Fact]
    public void The_nodes_of_a_chassis_go_on_when_a_template_gives_way_to_the_serial()
    {
        var cluster = ClusterSnapshot.Empty;
        foreach (var (uuid, node) in new[] { (U1, 1), (U2, 2) })
        {
            cluster = cluster.With(Registered(cluster, Facts(Rule("{serial}-{board_serial}"), "chassis", $"b{node}", uuid, node)) with { State = MachineState.Running });
        }

        Assert.Equal("chassis-b2", IdentityResolver.Resolve(Sample.Facts("chassis", [Sample.Mac(2)], U2).Evidence, cluster, null).Machine?.Serial.Text);
        Assert.True(IdentityResolver.Resolve(Sample.Facts("chassis", [Sample.Mac(3)], Guid.Parse("30303030-1111-2222-3333-444444444444")).Evidence, cluster, null).IsStranger);
    }

    [Fact]
    public void Boards_that_have_but_the_card_of_their_controllers_in_common_share_their_uuid()
    {
        var controller = MacAddress.FromOctets([0x02, 0x25, 0x90, 0, 0, 0x99]);
        var cluster = Cluster(("a", U1, [1]), ("b", U1, [2]));
        cluster = cluster.Machines.Aggregate(cluster, (all, machine) => all.With(machine with { MacAddresses = machine.MacAddresses.Add(controller) }));
        Assert.True(cluster.IsShared(U1));
        Assert.True(IdentityResolver.Resolve(Sample.Facts(null, [Sample.Mac(3), controller], U1).Evidence, cluster, null).IsStranger);
    }

    [Fact]
    public void Ten_thousand_machines_with_one_uuid_and_one_card_cost_a_packet_as_much_as_two()
    {
        const int Count = 10_000;
        var shared = MacAddress.FromOctets([0x02, 0x25, 0x90, 0, 0, 0x99]);
        var cluster = ClusterSnapshot.Of(Enumerable.Range(1, Count).Select(i => Running($"m{i}", U1, i) with { MacAddresses = [Sample.Mac(i), shared] }));
        var evidence = IdentityRule.BySerial.Read(new DmiClaims(null, null, U1), Sample.Mac(77));
        Assert.Equal("m77", IdentityResolver.Resolve(evidence, cluster, null).Machine?.Serial.Text);
        // A card that all have is no card in common: the first two that are compared say it all.
        Assert.True(cluster.IsShared(U1));
        Assert.True(cluster.IsShared(shared));
        cluster = cluster.With(cluster.Find(Sample.Serial("m5"))! with { Hostname = "five" }).Without(Sample.Serial("m6"));
        Assert.Equal(Count - 1, cluster.OwnersOf(U1).Count);
        Assert.True(IdentityResolver.Resolve(evidence with { BootMac = Sample.Mac(6) }, cluster, null).IsStranger);
    }

    [Fact]
    public void A_claim_is_not_accepted_once_its_card_or_its_uuid_is_another_machines()
    {
        var cluster = Cluster((U1.ToString(), U1, [1]));
        var flagged = Assert.IsType<Proposal.Put>(Decide(cluster, Sample.Facts(null, [Sample.Mac(7)], U1))).Machine;
        cluster = cluster.With(flagged).With(Running("other", U2, 7));
        var card = Assert.IsType<Proposal.Refuse>(ConflictResolution.Decide(cluster, flagged, ConflictVerdict.Accept));
        Assert.Contains("machine other", card.Refusal.Detail, StringComparison.Ordinal);

        var claimsUuid = flagged with { Conflict = flagged.Conflict! with { Uuid = U2, MacAddresses = [Sample.Mac(1)] } };
        var uuid = Assert.IsType<Proposal.Refuse>(ConflictResolution.Decide(cluster, claimsUuid, ConflictVerdict.Accept));
        Assert.Contains("machine other", uuid.Refusal.Detail, StringComparison.Ordinal);
        Assert.IsType<Proposal.Put>(ConflictResolution.Decide(cluster, flagged, ConflictVerdict.Dismiss));
    }

    [Fact]
    public void A_uuid_that_another_machine_has_is_not_set()
    {
        var cluster = Cluster(("a", U1, [1]), ("b", U2, [2]));
        var refused = Assert.IsType<Proposal.Refuse>(OperatorChanges.SetUuid(cluster, cluster.Find(Sample.Serial("a"))!, Uuids.Swapped(U2)));
        Assert.Contains("Machine b has the UUID", refused.Refusal.Detail, StringComparison.Ordinal);
        Assert.IsType<Proposal.Put>(OperatorChanges.SetUuid(cluster, cluster.Find(Sample.Serial("a"))!, null));
    }

    [Fact]
    public void A_second_claim_is_refused_with_a_word_about_the_first_which_resolve_would_take()
    {
        var cluster = Cluster((U1.ToString(), U1, [1]));
        cluster = cluster.With(Assert.IsType<Proposal.Put>(Decide(cluster, Sample.Facts(null, [Sample.Mac(7)], U1))).Machine);
        var again = Assert.IsType<Proposal.Refuse>(Decide(cluster, Sample.Facts(null, [Sample.Mac(7)], U1)));
        Assert.DoesNotContain("--dismiss", again.Refusal.Detail, StringComparison.Ordinal);
        var second = Assert.IsType<Proposal.Refuse>(Decide(cluster, Sample.Facts(null, [Sample.Mac(1)], U2)));
        Assert.Contains($"mayuctl resolve {U1} --dismiss", second.Refusal.Detail, StringComparison.Ordinal);
        Assert.Contains(Sample.Mac(7).ToString(), second.Refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_without_a_card_of_its_own_takes_no_card_from_the_machine_that_it_names()
    {
        var cluster = ClusterSnapshot.Empty.With(Sample.Machine("a") with { Uuid = U1 });
        var facts = Sample.Facts("a", [], U1) with { Facts = new MachineFacts { NetDevs = [new NetDev { Name = "ib0", MacAddress = "80:00:02:08:fe:80:00:00" }] } };
        Assert.Equal([Sample.Mac(1)], Assert.IsType<Proposal.Put>(Decide(cluster, facts)).Machine.MacAddresses);
    }

    [Fact]
    public void A_claim_without_any_hardware_is_told_in_a_whole_sentence()
    {
        var cluster = ClusterSnapshot.Empty.With(Running("a", U1, 1));
        var facts = Sample.Facts(null, []) with
        {
            Claimed = Sample.Serial("a"),
            Facts = new MachineFacts { NetDevs = [new NetDev { Name = "ib0", MacAddress = "80:00:02:08:fe:80:00:00" }] },
        };
        var refused = Assert.IsType<Proposal.Put>(Decide(cluster, facts));
        Assert.Contains("it asks as machine a, but it sends nothing that identifies its hardware.", refused.Refusal!.Detail, StringComparison.Ordinal);
    }

    private static Proposal Decide(ClusterSnapshot cluster, FactsReceived facts) => Registration.Decide(cluster, Plan, facts, new string('0', 32), Sample.Now);

    private static Machine Registered(ClusterSnapshot cluster, FactsReceived facts) => Assert.IsType<Proposal.Put>(Decide(cluster, facts)).Machine;

    private static Machine Running(string serial, Guid? uuid, params int[] macs) =>
        Sample.Machine(serial, MachineState.Running) with { Uuid = uuid, MacAddresses = [.. macs.Select(Sample.Mac)], InternalAddress = null };

    private static ClusterSnapshot Cluster(params (string Serial, Guid? Uuid, int[] Macs)[] machines) =>
        machines.Aggregate(ClusterSnapshot.Empty, (all, one) => all.With(Running(one.Serial, one.Uuid, one.Macs)));

    private static IdentityRule Rule(string text) => IdentityRule.TryParse(text, out var rule, out var refusal) ? rule : throw new ArgumentException(refusal, nameof(text));

    private static FactsReceived Facts(IdentityRule rule, string serial, string? board, Guid uuid, int mac)
    {
        ImmutableArray<MacAddress> macs = [Sample.Mac(mac)];
        return new FactsReceived { Evidence = rule.Read(new DmiClaims(serial, board, uuid), macs[0]) with { AllMacs = macs }, MacAddresses = macs, Uuid = uuid };
    }
}
