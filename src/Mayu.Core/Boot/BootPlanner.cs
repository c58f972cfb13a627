using System.Collections.Frozen;
using System.Collections.Immutable;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;

namespace Mayu.Core.Boot;

/// <summary>
/// Decides what a machine gets when it boots from the network. DHCP, the boot script and the images are protocols that carry this answer; a
/// rule about booting belongs here and nowhere else.
/// </summary>
public sealed class BootPlanner
{
    // Made once: DHCP asks for each packet.
    private static readonly BootAnswer Stranger = new(BootAnswerKind.Discover, "it is not known yet");
    private static readonly BootAnswer SwitchedOff = new(BootAnswerKind.Ignore, "an operator disabled it (enabled: false)");
    private static readonly BootAnswer Undecided = new(BootAnswerKind.Discover, "it has no profile yet");
    private static readonly BootAnswer Configured =
        new(BootAnswerKind.Install, $"it is {Lifecycle.NameOf(MachineState.Configured)}: the next network boot installs it");
    private static readonly BootAnswer Installing =
        new(BootAnswerKind.Install, $"it is {Lifecycle.NameOf(MachineState.Installing)} and did not finish: it installs again");
    private static readonly BootAnswer Installed = OwnDisk(MachineState.Installed);
    private static readonly BootAnswer Running = OwnDisk(MachineState.Running);
    private static readonly BootAnswer InstalledByScript = OwnDiskByScript(MachineState.Installed);
    private static readonly BootAnswer RunningByScript = OwnDiskByScript(MachineState.Running);

    private readonly ClusterPlan _plan;

    // By profile, and in there by state.
    private readonly FrozenDictionary<string, ImmutableArray<BootAnswer>> _live;

    /// <param name="plan">The profiles.</param>
    public BootPlanner(ClusterPlan plan)
    {
        _plan = plan;
        _live = plan.Profiles.Where(profile => profile.Mode == ProfileMode.Live).ToFrozenDictionary(profile => profile.Name, LiveAnswers);
    }

    /// <summary>Decides for somebody who was resolved.</summary>
    public BootAnswer Plan(in ResolvedIdentity identity) => identity.Conflict is { } conflict ? Plan(conflict) : Plan(identity.Machine);

    /// <summary>Decides for a machine.</summary>
    /// <param name="machine">The machine's record; null when nobody knows it.</param>
    public BootAnswer Plan(Machine? machine)
    {
        if (machine is null)
        {
            return Stranger;
        }

        if (!machine.Enabled)
        {
            return SwitchedOff;
        }

        // It may have none, or one that the configuration lost.
        var profile = _plan.FindProfile(machine.Profile);
        if (profile is { Mode: ProfileMode.Live } && machine.State is not (MachineState.Unknown or MachineState.Configured))
        {
            return _live[profile.Name][(int)machine.State];
        }

        return machine.State switch
        {
            MachineState.Unknown => Undecided,
            MachineState.Configured => Configured,
            MachineState.Installing => Installing,
            MachineState.Installed => profile is { LocalBoot: LocalBoot.Silent } ? Installed : InstalledByScript,
            _ => profile is { LocalBoot: LocalBoot.Silent } ? Running : RunningByScript,
        };
    }

    /// <summary>
    /// Decides for somebody who may be one machine or another. The discovery system writes to no disk, and its facts show the operator
    /// both; silence would leave a new machine behind a used card silent for ever.
    /// </summary>
    private static BootAnswer Plan(IdentityConflict conflict) =>
        new(BootAnswerKind.Discover, $"it is not certain which machine it is: {conflict.Why}") { IsForAnother = true };

    private static ImmutableArray<BootAnswer> LiveAnswers(Profile profile) =>
    [
        .. Enum.GetValues<MachineState>().Select(state =>
            new BootAnswer(BootAnswerKind.Live, $"it is {Lifecycle.NameOf(state)} and its profile {profile.Name} is live: it runs from memory") { Image = profile.Image, TokenDelivery = profile.TokenDelivery, Provisioning = profile.Provisioning }),
    ];

    private static BootAnswer OwnDisk(MachineState state) =>
        new(BootAnswerKind.LocalDisk, $"it is {Lifecycle.NameOf(state)}: Mayu does not answer, so it boots its own disk");

    private static BootAnswer OwnDiskByScript(MachineState state) =>
        new(BootAnswerKind.LocalDiskByScript, $"it is {Lifecycle.NameOf(state)}: a script starts its own disk");
}
