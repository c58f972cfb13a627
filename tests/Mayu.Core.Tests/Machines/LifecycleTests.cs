using Mayu.Core.Machines;

namespace Mayu.Core.Tests.Machines;

public class LifecycleTests
{
    private static readonly MachineState[] States = Enum.GetValues<MachineState>();

    public static TheoryData<MachineState> AllStates => [.. States];

    [Fact]
    public void A_machine_goes_from_configured_to_running_in_three_reports()
    {
        var installing = Put(Lifecycle.ConfigFetched(Sample.Machine("a"), "os", Sample.Now));
        Assert.Equal((MachineState.Installing, "os", Sample.Now), (installing.State, installing.Image, installing.LastBoot));
        var installed = Put(Lifecycle.Installed(installing));
        Assert.Equal(MachineState.Installed, installed.State);
        var running = Put(Lifecycle.BootComplete(installed, Machine.NoStrings.Add("OS", "1"), Sample.Now));
        Assert.Equal((MachineState.Running, "1"), (running.State, running.Versions["OS"]));
    }

    [Theory]
    [InlineData(MachineState.Installed)]
    [InlineData(MachineState.Running)]
    public void A_machine_with_an_os_gets_no_install_config(MachineState state)
    {
        var refused = Assert.IsType<Proposal.Refuse>(Lifecycle.ConfigFetched(Sample.Machine("a", state), "os", Sample.Now));
        Assert.Equal(RefusalReason.StateForbids, refused.Refusal.Reason);
        Assert.Contains("mayuctl set a state configured", refused.Refusal.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllStates))]
    public void No_report_of_a_machine_leads_back_to_configured_or_unknown(MachineState state)
    {
        var machine = Sample.Machine("a", state);
        Proposal[] all = [Lifecycle.ConfigFetched(machine, "os", Sample.Now), Lifecycle.Installed(machine), Lifecycle.BootComplete(machine, Machine.NoStrings, Sample.Now)];
        foreach (var put in all.OfType<Proposal.Put>())
        {
            Assert.True(put.Machine.State >= state, $"{state} went back to {put.Machine.State}");
        }
    }

    [Fact]
    public void A_machine_that_is_to_be_reinstalled_and_came_up_from_its_old_disk_stays_configured() =>
        Assert.IsType<Proposal.Refuse>(Lifecycle.BootComplete(Sample.Machine("a"), Machine.NoStrings, Sample.Now));

    [Fact]
    public void Reports_that_are_repeated_do_no_harm()
    {
        Assert.IsType<Proposal.Nothing>(Lifecycle.Installed(Sample.Machine("a", MachineState.Installed)));
        Assert.Equal(MachineState.Running, Put(Lifecycle.BootComplete(Sample.Machine("a", MachineState.Running), Machine.NoStrings, Sample.Now)).State);
        Assert.IsType<Proposal.Nothing>(Lifecycle.ConfigFetched(Sample.Machine("a", MachineState.Installing) with { Image = "os" }, "os", Sample.Now));
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
