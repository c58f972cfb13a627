using System.Runtime.CompilerServices;
using Mayu.Core.Identity;
using Mayu.Core.Machines;
using Mayu.Core.Profiles;

namespace Mayu.Core.Boot;

/// <summary>
/// The one brain: what a machine gets when it boots from the network. DHCP, the boot script and the images are mouths that
/// say this answer in their own language; a rule about booting belongs here and nowhere else.
/// </summary>
public static class BootPlanner
{
    // Made once: DHCP asks for each packet.
    private static readonly BootAnswer Stranger = new(BootAnswerKind.Discover, "it is not known yet");
    private static readonly BootAnswer SwitchedOff = new(BootAnswerKind.Ignore, "an operator switched it off (enabled: false)");
    private static readonly BootAnswer Undecided = new(BootAnswerKind.Discover, "nothing is decided about it yet");
    private static readonly BootAnswer Configured =
        new(BootAnswerKind.Install, $"it is {Lifecycle.NameOf(MachineState.Configured)}: the next network boot installs it");
    private static readonly BootAnswer Installing =
        new(BootAnswerKind.Install, $"it is {Lifecycle.NameOf(MachineState.Installing)} and did not finish: it installs again");
    private static readonly BootAnswer Installed = OwnDisk(MachineState.Installed);
    private static readonly BootAnswer Running = OwnDisk(MachineState.Running);
    private static readonly BootAnswer InstalledByScript = OwnDiskByScript(MachineState.Installed);
    private static readonly BootAnswer RunningByScript = OwnDiskByScript(MachineState.Running);

    // By profile, and in there by state. It goes with its profile.
    private static readonly ConditionalWeakTable<Profile, BootAnswer[]> Live = [];

    /// <summary>Decides.</summary>
    /// <param name="machine">The machine's record; null when nobody knows it.</param>
    /// <param name="profile">Its profile; null when it has none, or the configuration lost it.</param>
    public static BootAnswer Plan(Machine? machine, Profile? profile)
    {
        if (machine is null)
        {
            return Stranger;
        }

        if (!machine.Enabled)
        {
            return SwitchedOff;
        }

        if (profile is { Mode: ProfileMode.Live } && machine.State is not (MachineState.Unknown or MachineState.Configured))
        {
            return Live.GetValue(profile, MakeLive)[(int)machine.State];
        }

        return machine.State switch
        {
            MachineState.Unknown => Undecided,
            MachineState.Configured => Configured,
            MachineState.Installing => Installing,
            MachineState.Installed => profile is { LocalBoot: LocalBoot.Script } ? InstalledByScript : Installed,
            _ => profile is { LocalBoot: LocalBoot.Script } ? RunningByScript : Running,
        };
    }

    /// <summary>
    /// Decides for somebody who may be one machine or another. The discovery system writes to no disk, and its facts show the operator
    /// both; silence would leave a new machine behind a used card silent for ever.
    /// </summary>
    public static BootAnswer Plan(IdentityConflict conflict) =>
        new(BootAnswerKind.Discover, $"it is not certain which machine it is: {conflict.Why}") { IsForAnother = true };

    private static BootAnswer[] MakeLive(Profile profile) =>
    [
        .. Enum.GetValues<MachineState>().Select(state =>
            new BootAnswer(BootAnswerKind.Live, $"it is {Lifecycle.NameOf(state)} and its profile {profile.Name} is live: it runs from memory") { Image = profile.Image }),
    ];

    private static BootAnswer OwnDisk(MachineState state) =>
        new(BootAnswerKind.LocalDisk, $"it is {Lifecycle.NameOf(state)}: the network stays silent, its own disk boots");

    private static BootAnswer OwnDiskByScript(MachineState state) =>
        new(BootAnswerKind.LocalDiskByScript, $"it is {Lifecycle.NameOf(state)}: a script starts its own disk");
}
