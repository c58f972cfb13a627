using Mayu.Core.Boot;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;

namespace Mayu.Core.Tests.Boot;

public class BootPlannerTests
{
    [Theory]
    [InlineData(MachineState.Unknown, BootAnswerKind.Discover)]
    [InlineData(MachineState.Configured, BootAnswerKind.Install)]
    [InlineData(MachineState.Installing, BootAnswerKind.Install)]
    [InlineData(MachineState.Installed, BootAnswerKind.LocalDiskByScript)]
    [InlineData(MachineState.Running, BootAnswerKind.LocalDiskByScript)]
    public void The_state_decides(MachineState state, BootAnswerKind expected)
    {
        var answer = Planner(Sample.Profile("core")).Plan(Sample.Machine("a", state));
        Assert.Equal(expected, answer.Kind);
        Assert.NotEmpty(answer.Reason);
    }

    [Theory]
    [InlineData(MachineState.Unknown, BootAnswerKind.Discover)]
    [InlineData(MachineState.Configured, BootAnswerKind.Install)]
    [InlineData(MachineState.Installing, BootAnswerKind.Live)]
    [InlineData(MachineState.Installed, BootAnswerKind.Live)]
    [InlineData(MachineState.Running, BootAnswerKind.Live)]
    public void A_live_profile_boots_its_image_from_the_network_for_ever(MachineState state, BootAnswerKind expected)
    {
        var answer = Planner(Sample.Profile("core") with { Mode = ProfileMode.Live }).Plan(Sample.Machine("a", state));
        Assert.Equal((expected, expected == BootAnswerKind.Live ? "os" : null), (answer.Kind, answer.Image));
    }

    [Fact]
    public void Who_may_be_one_machine_or_another_is_discovered_and_gets_nothing_of_either()
    {
        var answer = Planner(Sample.Profile("core")).Plan(new ResolvedIdentity(null, new IdentityConflict([Sample.Machine("a", MachineState.Running)], "it has a card of machine a", "ask")));
        Assert.Equal((BootAnswerKind.Discover, true, null), (answer.Kind, answer.IsForAnother, answer.Image));
        Assert.Contains("a card of machine a", answer.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BootAnswerKind.Discover, true, false)]
    [InlineData(BootAnswerKind.Install, true, false)]
    [InlineData(BootAnswerKind.Live, true, false)]
    [InlineData(BootAnswerKind.LocalDisk, false, true)]
    [InlineData(BootAnswerKind.LocalDiskByScript, false, false)]
    [InlineData(BootAnswerKind.Ignore, false, true)]
    public void An_answer_boots_from_the_network_is_silence_or_a_script_for_the_disk(BootAnswerKind kind, bool boots, bool isSilence)
    {
        var answer = new BootAnswer(kind, "x");
        Assert.Equal((boots, isSilence), (answer.BootsFromNetwork, answer.IsSilence));
    }

    [Fact]
    public void A_machine_that_nobody_knows_is_discovered() => Assert.Equal(BootAnswerKind.Discover, Planner(Sample.Profile("core")).Plan((Machine?)null).Kind);

    [Fact]
    public void A_machine_that_was_switched_off_gets_nothing_in_any_state()
    {
        foreach (var state in Enum.GetValues<MachineState>())
        {
            Assert.Equal(BootAnswerKind.Ignore, Planner(Sample.Profile("core")).Plan(Sample.Machine("a", state) with { Enabled = false }).Kind);
        }
    }

    [Theory]
    [InlineData(MachineState.Installed)]
    [InlineData(MachineState.Running)]
    public void A_profile_may_leave_the_disk_to_the_firmware_by_silence(MachineState state) =>
        Assert.Equal(BootAnswerKind.LocalDisk, Planner(Sample.Profile("core") with { LocalBoot = LocalBoot.Silent }).Plan(Sample.Machine("a", state)).Kind);

    [Fact]
    public void A_machine_with_an_os_whose_profile_is_gone_is_still_left_alone() =>
        Assert.Equal(BootAnswerKind.LocalDiskByScript, Planner(Sample.Profile("other")).Plan(Sample.Machine("a", MachineState.Running)).Kind);

    private static BootPlanner Planner(Profile profile) => new(Sample.Plan(Sample.Range("10.0.0.1", "10.0.0.9"), profile));
}
