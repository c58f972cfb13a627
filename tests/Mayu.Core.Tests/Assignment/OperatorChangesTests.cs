using Mayu.Core.Assignment;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;

namespace Mayu.Core.Tests.Assignment;

public class OperatorChangesTests
{
    private static readonly ClusterPlan Plan = Sample.Plan(
        Sample.Range("10.0.0.10", "10.0.0.12"),
        Sample.Profile("core") with { Tags = ["role=core"] },
        Sample.Profile("storage") with { Tags = ["role=storage"] });

    [Fact]
    public void A_machine_moves_to_another_profile_with_its_tags_unless_it_has_tags_of_its_own()
    {
        var machine = Sample.Machine("a") with { Metadata = ["role=core"] };
        var moved = Put(OperatorChanges.Move(machine, Plan, "storage"));
        Assert.Equal("storage", moved.Profile);
        Assert.Equal(["role=storage"], moved.Metadata);
        Assert.Equal(["mine=1"], Put(OperatorChanges.Move(machine with { Metadata = ["mine=1"] }, Plan, "storage")).Metadata);
        Assert.IsType<Proposal.Nothing>(OperatorChanges.Move(moved, Plan, "storage"));
        Assert.Contains("core, storage, default", Refused(OperatorChanges.Move(machine, Plan, "x")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_changes_only_while_no_system_has_it()
    {
        var machine = Sample.Machine("a");
        var snapshot = ClusterSnapshot.Empty.With(machine);
        Assert.Equal(Sample.Address("10.0.0.12"), Put(OperatorChanges.Readdress(snapshot, machine, Plan, Sample.Address("10.0.0.12"))).InternalAddress);
        Assert.Contains("outside", Refused(OperatorChanges.Readdress(snapshot, machine, Plan, Sample.Address("10.9.9.9"))).Detail, StringComparison.Ordinal);
        var running = machine with { State = MachineState.Running };
        Assert.Equal(RefusalReason.StateForbids, Refused(OperatorChanges.Readdress(snapshot, running, Plan, Sample.Address("10.0.0.12"))).Reason);
    }

    [Fact]
    public void An_override_is_set_and_taken_away_and_its_value_is_in_no_subject()
    {
        var put = Assert.IsType<Proposal.Put>(OperatorChanges.Override(Sample.Machine("a"), "token", "s3cret"));
        Assert.Equal(("s3cret", "set override token"), (put.Machine.Overrides["token"], put.What));
        Assert.Empty(Put(OperatorChanges.Override(put.Machine, "token", null)).Overrides);
        Assert.Equal(RefusalReason.NotFound, Refused(OperatorChanges.Override(Sample.Machine("a"), "token", null)).Reason);
    }

    // It is printed into files that have one name on a line.
    [Theory]
    [InlineData("node-1.example_2.org", true)]
    [InlineData("Node-1", true)]
    [InlineData("a b", false)]
    [InlineData("a\nb", false)]
    [InlineData("-a", false)]
    [InlineData("a..b", false)]
    [InlineData("", false)]
    public void An_override_of_the_host_name_must_be_one(string value, bool isTaken) =>
        Assert.Equal(isTaken, OperatorChanges.Override(Sample.Machine("a"), "hostname", value) is Proposal.Put);

    [Theory]
    [InlineData("a\n\tb ü ✓ 😀", true)]
    [InlineData("", true)]
    [InlineData("a\r\nb", false)]
    [InlineData("\u0007", false)]
    [InlineData("\u200b", false)]
    [InlineData("\ud800", false)]
    [InlineData("\ufffd", false)]
    public void Notes_are_printable_text_of_several_lines(string text, bool isTaken) =>
        Assert.Equal(isTaken, OperatorChanges.SetNotes(Sample.Machine("a") with { Notes = "x" }, text) is Proposal.Put);

    [Fact]
    public void The_text_of_notes_is_in_no_subject()
    {
        var put = Assert.IsType<Proposal.Put>(OperatorChanges.SetNotes(Sample.Machine("a"), "line 1\nline 2"));
        Assert.Equal(("line 1\nline 2", "set notes"), (put.Machine.Notes, put.What));
        Assert.IsType<Proposal.Nothing>(OperatorChanges.SetNotes(put.Machine, "line 1\nline 2"));
        var removed = Assert.IsType<Proposal.Put>(OperatorChanges.SetNotes(put.Machine, ""));
        Assert.Equal((null, "removed notes"), (removed.Machine.Notes, removed.What));
        Assert.Contains("4097 bytes", Refused(OperatorChanges.SetNotes(put.Machine, new string('x', 4097))).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_has_as_many_overrides_as_are_allowed_and_no_more()
    {
        var machine = Sample.Machine("a");
        for (var i = 1; i <= OperatorChanges.MaxOverrides; i++)
        {
            machine = Put(OperatorChanges.Override(machine, $"v{i}", "x"));
        }

        Assert.Equal(RefusalReason.Invalid, Refused(OperatorChanges.Override(machine, "one_more", "x")).Reason);
        Assert.Equal("y", Put(OperatorChanges.Override(machine, "v1", "y")).Overrides["v1"]);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("a-b", "x")]
    [InlineData("1a", "x")]
    [InlineData("a.b", "x")]
    [InlineData("a", "\0")]
    public void An_override_that_no_template_can_print_is_refused(string name, string value) =>
        Assert.Equal(RefusalReason.Invalid, Refused(OperatorChanges.Override(Sample.Machine("a"), name, value)).Reason);

    [Theory]
    [InlineData(MachineState.Running, true, false, false)]
    [InlineData(MachineState.Running, true, true, true)]
    [InlineData(MachineState.Running, false, false, true)]
    [InlineData(MachineState.Installed, true, false, false)]
    [InlineData(MachineState.Installing, true, false, true)]
    [InlineData(MachineState.Unknown, true, false, true)]
    public void A_machine_with_a_system_is_not_deleted_by_the_way(MachineState state, bool enabled, bool force, bool deleted) =>
        Assert.Equal(deleted, OperatorChanges.Delete(Sample.Machine("a", state) with { Enabled = enabled }, force) is Proposal.Delete);

    [Fact]
    public void Names_are_checked()
    {
        var machine = Sample.Machine("a");
        var snapshot = ClusterSnapshot.Empty.With(machine).With(Sample.Machine("b") with { Hostname = "db", InternalAddress = null });
        Assert.Equal("web", Put(OperatorChanges.Rename(snapshot, machine, "web")).Hostname);
        Assert.Equal(RefusalReason.Conflict, Refused(OperatorChanges.Rename(snapshot, machine, "db")).Reason);
        Assert.Equal(RefusalReason.Invalid, Refused(OperatorChanges.Rename(snapshot, machine, "-x")).Reason);
        Assert.Equal(RefusalReason.Invalid, Refused(OperatorChanges.SetCabinet(machine, "a\nb")).Reason);
        Assert.Null(Put(OperatorChanges.SetCabinet(machine with { Cabinet = "7" }, "")).Cabinet);
        Assert.Equal("inventory-7", Put(OperatorChanges.SetProviderId(machine, "inventory-7")).ProviderId);
        Assert.Null(Put(OperatorChanges.SetProviderId(machine with { ProviderId = "7" }, "")).ProviderId);
        Assert.Equal(RefusalReason.Invalid, Refused(OperatorChanges.SetProviderId(machine, "a\u001b")).Reason);
        Assert.Equal(256, Put(OperatorChanges.SetProviderId(machine, new string('x', 256))).ProviderId!.Length);
        Assert.Equal(RefusalReason.Invalid, Refused(OperatorChanges.SetProviderId(machine, new string('x', 257))).Reason);
        Assert.Equal(RefusalReason.Invalid, Refused(OperatorChanges.SetTags(machine, ["a\u001b"])).Reason);
    }

    [Fact]
    public void A_machine_without_tags_takes_those_of_its_new_profile() =>
        Assert.Equal(["role=storage"], Put(OperatorChanges.Move(Sample.Machine("a") with { Metadata = [] }, Plan, "storage")).Metadata);

    [Fact]
    public void Tags_are_names_with_values_as_in_the_configuration_and_not_too_many()
    {
        var machine = Sample.Machine("a");
        string[] most = [.. Enumerable.Range(1, OperatorChanges.MaxTags).Select(i => $"tag-{i}=")];
        Assert.Equal(most, Put(OperatorChanges.SetTags(machine, [.. most])).Metadata);
        Assert.Equal(RefusalReason.Invalid, Refused(OperatorChanges.SetTags(machine, [.. most, "one=more"])).Reason);
        foreach (var (wrong, shown) in new[]
        {
            ("", ""), ("core", "core"), ("=core", "=core"), ("role=a,b", "role=a,b"), ("role=\u001b", "role=?"),
            ($"role={new string('x', Tag.MaxLength)}", $"role={new string('x', 59)}"),
        })
        {
            Assert.Equal(
                $"\"{shown}\" is not a tag: write NAME=VALUE (like role=core), at most 256 characters, without a comma.",
                Refused(OperatorChanges.SetTags(machine, ["a=b", wrong])).Detail);
        }
    }

    [Fact]
    public void A_mac_that_another_machine_has_too_is_taken_and_that_one_is_named()
    {
        var machine = Sample.Machine("a");
        var snapshot = ClusterSnapshot.Empty.With(machine).With(Sample.Machine("b") with { MacAddresses = [Sample.Mac(2), Sample.Mac(3)], InternalAddress = null });
        Assert.EndsWith("(machine b has it too)", Assert.IsType<Proposal.Put>(OperatorChanges.SetMacs(
            snapshot.With(machine with { MacAddresses = [Sample.Mac(1), Sample.Mac(3)] }), machine, [Sample.Mac(3)])).What, StringComparison.Ordinal);
        var put = Assert.IsType<Proposal.Put>(OperatorChanges.SetMacs(snapshot, machine, [Sample.Mac(1), Sample.Mac(2)]));
        Assert.Equal($"set MACs to {Sample.Mac(1)}, {Sample.Mac(2)} (machine b has it too)", put.What);
        Assert.Equal(RefusalReason.Invalid, Refused(OperatorChanges.SetMacs(snapshot, machine, [])).Reason);
        Assert.Equal(RefusalReason.Invalid, Refused(OperatorChanges.SetMacs(snapshot, machine, [Sample.Mac(1), Sample.Mac(1)])).Reason);
    }

    [Fact]
    public void A_uuid_tells_one_machine_from_the_others()
    {
        var (own, others) = (Guid.NewGuid(), Guid.NewGuid());
        var machine = Sample.Machine("a") with { Uuid = own };
        var snapshot = ClusterSnapshot.Empty.With(machine).With(Sample.Machine("b") with { MacAddresses = [Sample.Mac(2)], InternalAddress = null, Uuid = others });
        Assert.Contains("Machine b has the UUID", Refused(OperatorChanges.SetUuid(snapshot, machine, others)).Detail, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.Invalid, Refused(OperatorChanges.SetUuid(snapshot, machine, Guid.Empty)).Reason);
        Assert.IsType<Proposal.Nothing>(OperatorChanges.SetUuid(snapshot, machine, own));
        Assert.Null(Put(OperatorChanges.SetUuid(snapshot, machine, null)).Uuid);
    }

    [Fact]
    public void A_refusal_obeys_no_control_character_of_what_it_repeats() =>
        Assert.StartsWith("\"web?[31m\" is not a host name", Refused(OperatorChanges.Rename(ClusterSnapshot.Empty, Sample.Machine("a"), "web\u001b[31m")).Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    public void A_refusal_repeats_no_more_than_64_characters_of_what_it_was_given(int length)
    {
        var shown = new string('X', 64);
        Assert.StartsWith($"\"{shown}\" is not a host name", Refused(OperatorChanges.Rename(ClusterSnapshot.Empty, Sample.Machine("a"), new string('X', length))).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rollback_takes_back_what_operators_decided_and_nothing_that_happened()
    {
        var earlier = Sample.Machine("a") with { Profile = "storage", Hostname = "old", Overrides = Machine.NoStrings.Add("k", "1"), MacAddresses = [Sample.Mac(5)] };
        var current = Sample.Machine("a", MachineState.Running) with { InternalAddress = Sample.Address("10.0.0.11"), InstallId = "i1", Image = "os-2" };
        var back = Put(Rollback.Decide(ClusterSnapshot.Empty.With(current), current.Serial, earlier, "c0ffee1"));
        Assert.Equal(("storage", "old", "1"), (back.Profile, back.Hostname, back.Overrides["k"]));
        Assert.Equal((MachineState.Running, "i1", "os-2", Sample.Mac(1)), (back.State, back.InstallId, back.Image, back.MacAddresses.Single()));
        Assert.Equal(Sample.Address("10.0.0.11"), back.InternalAddress);
    }

    [Fact]
    public void A_rollback_brings_a_deleted_machine_back_unless_its_place_was_taken()
    {
        var earlier = Sample.Machine("a", MachineState.Running);
        Assert.Equal(MachineState.Running, Put(Rollback.Decide(ClusterSnapshot.Empty, earlier.Serial, earlier, "x")).State);
        var taken = ClusterSnapshot.Empty.With(Sample.Machine("b") with { MacAddresses = [Sample.Mac(2)] });
        Assert.Contains("machine b", Refused(Rollback.Decide(taken, earlier.Serial, earlier, "x")).Detail, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.NotFound, Refused(Rollback.Decide(taken, earlier.Serial, null, "x")).Reason);
    }

    [Theory]
    [InlineData(MachineState.Configured, MachineState.Running, MachineState.Running)]
    [InlineData(MachineState.Installing, MachineState.Installed, MachineState.Installed)]
    [InlineData(MachineState.Running, MachineState.Configured, MachineState.Running)]
    [InlineData(MachineState.Configured, MachineState.Installing, MachineState.Configured)]
    [InlineData(MachineState.Configured, null, MachineState.Configured)]
    public void A_machine_that_was_deleted_with_an_operating_system_comes_back_with_it(MachineState then, MachineState? deletedAs, MachineState expected)
    {
        var earlier = Sample.Machine("a", then);
        Assert.Equal(expected, Put(Rollback.Decide(ClusterSnapshot.Empty, earlier.Serial, earlier, "x", deletedAs)).State);
    }

    private static Machine Put(Proposal proposal) => Assert.IsType<Proposal.Put>(proposal).Machine;

    private static Refusal Refused(Proposal proposal) => Assert.IsType<Proposal.Refuse>(proposal).Refusal;
}
