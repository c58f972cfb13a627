using Mayu.Core.Machines;

namespace Mayu.Core.Tests.Machines;

public class LifecycleTests
{
    private static readonly MachineState[] States = Enum.GetValues<MachineState>();

    public static TheoryData<MachineState> AllStates => [.. States];

    [Fact]
    public void A_machine_goes_from_configured_to_running_in_three_reports()
    {
        var installing = Put(Lifecycle.ConfigFetched(Sample.Machine("a"), "os", "i1", Sample.Now));
        Assert.Equal((MachineState.Installing, "os", "i1", Sample.Now), (installing.State, installing.Image, installing.InstallId, installing.LastBoot));
        var installed = Put(Lifecycle.Installed(installing));
        Assert.Equal(MachineState.Installed, installed.State);
        var running = Put(Lifecycle.BootComplete(installed, "i1", Machine.NoStrings.Add("OS", "1"), Sample.Now));
        Assert.Equal((MachineState.Running, "1"), (running.State, running.Versions["OS"]));
    }

    [Theory]
    [InlineData(MachineState.Installed)]
    [InlineData(MachineState.Running)]
    public void A_machine_with_an_os_gets_no_install_config(MachineState state)
    {
        var refused = Assert.IsType<Proposal.Refuse>(Lifecycle.ConfigFetched(Sample.Machine("a", state), "os", "i1", Sample.Now));
        Assert.Equal(RefusalReason.StateForbids, refused.Refusal.Reason);
        Assert.Contains("mayuctl set a state configured", refused.Refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_profile_that_a_machine_is_installed_with_is_written_down_with_its_config()
    {
        var installing = Put(Lifecycle.ConfigFetched(Sample.Machine("a") with { Profile = "core" }, "os", "i1", Sample.Now));
        Assert.Equal("core", installing.InstalledProfile);
        Assert.IsType<Proposal.Nothing>(Lifecycle.ConfigFetched(installing, "os", "i2", Sample.Now));
        // The config that it fetches next is another one, though the image is the same.
        Assert.Equal(("storage", "i2"), Put(Lifecycle.ConfigFetched(installing with { Profile = "storage" }, "os", "i2", Sample.Now)) is var next ? (next.InstalledProfile, next.InstallId) : default);
        var running = installing with { State = MachineState.Running, Profile = "storage" };
        Assert.Equal("storage", Put(Lifecycle.LiveConfigFetched(running, "os", "i2", Sample.Now)).InstalledProfile);
    }

    [Theory]
    [MemberData(nameof(AllStates))]
    public void No_report_of_a_machine_leads_back_to_configured_or_unknown(MachineState state)
    {
        var machine = Sample.Machine("a", state);
        Proposal[] all = [Lifecycle.ConfigFetched(machine, "os", "i1", Sample.Now), Lifecycle.Installed(machine), Lifecycle.BootComplete(machine, null, Machine.NoStrings, Sample.Now)];
        foreach (var put in all.OfType<Proposal.Put>())
        {
            Assert.True(put.Machine.State >= state, $"{state} went back to {put.Machine.State}");
        }
    }

    [Fact]
    public void A_machine_that_is_to_be_reinstalled_and_came_up_from_its_old_disk_stays_configured() =>
        Assert.IsType<Proposal.Refuse>(Lifecycle.BootComplete(Sample.Machine("a"), null, Machine.NoStrings, Sample.Now));

    [Fact]
    public void Reports_that_are_repeated_do_no_harm()
    {
        Assert.IsType<Proposal.Nothing>(Lifecycle.Installed(Sample.Machine("a", MachineState.Installed)));
        Assert.IsType<Proposal.Nothing>(Lifecycle.BootComplete(Sample.Machine("a", MachineState.Running), null, Machine.NoStrings, Sample.Now));
        Assert.True(Assert.IsType<Proposal.Put>(Lifecycle.BootComplete(Sample.Machine("a", MachineState.Running), null, Machine.NoStrings.Add("OS", "2"), Sample.Now)).IsReport);
        Assert.IsType<Proposal.Nothing>(Lifecycle.ConfigFetched(Sample.Machine("a", MachineState.Installing) with { Image = "os", InstallId = "i1" }, "os", "i2", Sample.Now));
    }

    [Theory]
    [InlineData(MachineState.Installing, "i1", "i1", true)]
    [InlineData(MachineState.Installing, "i1", "i0", false)]
    [InlineData(MachineState.Installing, "i1", null, false)]
    [InlineData(MachineState.Installing, null, null, false)]
    [InlineData(MachineState.Installed, "i1", "i1", true)]
    [InlineData(MachineState.Installed, "i1", null, true)]
    [InlineData(MachineState.Installed, null, "i0", true)]
    [InlineData(MachineState.Installed, "i1", "i0", false)]
    [InlineData(MachineState.Configured, "i1", "i1", false)]
    [InlineData(MachineState.Unknown, "i1", "i1", false)]
    public void Only_the_system_of_this_installation_makes_a_machine_running(MachineState state, string? installId, string? reported, bool runs)
    {
        var proposal = Lifecycle.BootComplete(Sample.Machine("a", state) with { InstallId = installId }, reported, Machine.NoStrings, Sample.Now);
        Assert.Equal(runs, proposal is Proposal.Put { Machine.State: MachineState.Running });
        Assert.Equal(!runs, proposal is Proposal.Refuse { Refusal.Reason: RefusalReason.StateForbids });
    }

    [Fact]
    public void The_remedy_that_a_refused_report_names_works()
    {
        var installing = Sample.Machine("a", MachineState.Installing) with { InstallId = "i1" };
        var refused = Assert.IsType<Proposal.Refuse>(Lifecycle.BootComplete(installing, "i0", Machine.NoStrings, Sample.Now));
        Assert.Contains("mayuctl set a state installed", refused.Refusal.Detail, StringComparison.Ordinal);
        var installed = Put(Lifecycle.OperatorSets(installing, MachineState.Installed, keepDiskData: false));
        Assert.Equal(MachineState.Running, Put(Lifecycle.BootComplete(installed, "i0", Machine.NoStrings, Sample.Now)).State);
    }

    [Fact]
    public void A_new_image_or_an_operators_word_begins_a_new_installation()
    {
        var installing = Put(Lifecycle.ConfigFetched(Sample.Machine("a"), "os", "i1", Sample.Now));
        Assert.Equal("i2", Put(Lifecycle.ConfigFetched(installing, "os-2", "i2", Sample.Now)).InstallId);
        var again = Put(Lifecycle.OperatorSets(installing, MachineState.Configured, keepDiskData: false));
        Assert.Equal("i3", Put(Lifecycle.ConfigFetched(again, "os", "i3", Sample.Now)).InstallId);
    }

    [Fact]
    public void A_live_machine_that_fetches_its_config_again_stays_running_and_its_record_tells_the_image()
    {
        var running = Sample.Machine("a", MachineState.Running) with { Image = "os", InstallId = "i1" };
        Assert.IsType<Proposal.Nothing>(Lifecycle.LiveConfigFetched(running, "os", "i2", Sample.Now));
        var newer = Put(Lifecycle.LiveConfigFetched(running, "os-2", "i2", Sample.Now));
        Assert.Equal((MachineState.Running, "os-2", "i2"), (newer.State, newer.Image, newer.InstallId));
        Assert.Equal(MachineState.Installing, Put(Lifecycle.LiveConfigFetched(Sample.Machine("a"), "os", "i1", Sample.Now)).State);
    }

    // Its config had an empty instance-id, and its report named no installation.
    [Fact]
    public void A_live_machine_whose_state_an_operator_set_gets_an_installation_with_its_next_config()
    {
        var set = Put(Lifecycle.OperatorSets(Sample.Machine("a", MachineState.Installing) with { Image = "os", InstallId = "i1" }, MachineState.Running, keepDiskData: false));
        Assert.Null(set.InstallId);
        var fetched = Put(Lifecycle.LiveConfigFetched(set with { Image = "os" }, "os", "i2", Sample.Now));
        Assert.Equal((MachineState.Running, "i2"), (fetched.State, fetched.InstallId));
    }

    [Theory]
    [MemberData(nameof(AllStates))]
    public void An_operator_can_have_any_machine_with_a_profile_reinstalled(MachineState state)
    {
        var proposal = Lifecycle.OperatorSets(Sample.Machine("a", state), MachineState.Configured, keepDiskData: true);
        var machine = Put(proposal);
        Assert.Equal((MachineState.Configured, true), (machine.State, machine.KeepDiskData));
    }

    [Fact]
    public void An_operators_word_is_stored_as_it_was_said() =>
        Assert.Equal(MachineState.Running, Put(Lifecycle.OperatorSets(Sample.Machine("a"), MachineState.Running, keepDiskData: false)).State);

    [Theory]
    [InlineData(MachineState.Configured, MachineState.Installing, false)]
    [InlineData(MachineState.Installed, MachineState.Unknown, false)]
    [InlineData(MachineState.Running, MachineState.Unknown, false)]
    [InlineData(MachineState.Configured, MachineState.Running, true)]
    public void What_an_operator_cannot_mean_is_refused(MachineState from, MachineState to, bool keepDiskData) =>
        Assert.IsType<Proposal.Refuse>(Lifecycle.OperatorSets(Sample.Machine("a", from), to, keepDiskData));

    [Fact]
    public void Keep_disk_data_lasts_for_one_install() =>
        Assert.False(Put(Lifecycle.Installed(Sample.Machine("a", MachineState.Installing) with { KeepDiskData = true })).KeepDiskData);

    [Theory]
    [MemberData(nameof(AllStates))]
    public void State_names_are_read_back_and_nothing_else_is(MachineState state)
    {
        Assert.True(Lifecycle.TryParseState(Lifecycle.NameOf(state), out var again));
        Assert.Equal(state, again);
        Assert.False(Lifecycle.TryParseState(Lifecycle.NameOf(state).ToUpperInvariant(), out _));
        Assert.False(Lifecycle.TryParseState(((int)state).ToString(), out _));
    }

    private static Machine Put(Proposal proposal) => Assert.IsType<Proposal.Put>(proposal).Machine;
}
