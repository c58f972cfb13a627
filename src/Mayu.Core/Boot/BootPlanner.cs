using Mayu.Core.Machines;
using Mayu.Core.Profiles;

namespace Mayu.Core.Boot;

/// <summary>
/// The one brain: what a machine gets when it boots from the network. DHCP, the boot script and the images are mouths that
/// say this answer in their own language; a rule about booting belongs here and nowhere else.
/// </summary>
public static class BootPlanner
{
    /// <summary>Decides.</summary>
    /// <param name="machine">The machine's record; null when nobody knows it.</param>
    /// <param name="profile">Its profile; null when it has none, or the configuration lost it.</param>
    /// <param name="isAnother">Whether who boots says this machine's serial and is another one (<see cref="IdentityConflict.IsAnother"/>).</param>
    public static BootAnswer Plan(Machine? machine, Profile? profile, bool isAnother = false)
    {
        if (machine is null)
        {
            return new BootAnswer(BootAnswerKind.Discover, "it is not known yet");
        }

        if (!machine.Enabled)
        {
            return new BootAnswer(BootAnswerKind.Ignore, "an operator switched it off (enabled: false)");
        }

        if (isAnother)
        {
            return new BootAnswer(BootAnswerKind.Discover, $"another machine has the serial {machine.Serial}: its facts are to show both") { IsForAnother = true };
        }

        var state = Lifecycle.NameOf(machine.State);
        if (profile is { Mode: ProfileMode.Live } && machine.State is not (MachineState.Unknown or MachineState.Configured))
        {
            return new BootAnswer(BootAnswerKind.Live, $"it is {state} and its profile {profile.Name} is live: it runs from memory") { Image = profile.Image };
        }

        return machine.State switch
        {
            MachineState.Unknown => new BootAnswer(BootAnswerKind.Discover, "nothing is decided about it yet"),
            MachineState.Configured => new BootAnswer(BootAnswerKind.Install, $"it is {state}: the next network boot installs it"),
            MachineState.Installing => new BootAnswer(BootAnswerKind.Install, $"it is {state} and did not finish: it installs again"),
            _ => profile is { LocalBoot: LocalBoot.Script }
                ? new BootAnswer(BootAnswerKind.LocalDiskByScript, $"it is {state}: a script starts its own disk")
                : new BootAnswer(BootAnswerKind.LocalDisk, $"it is {state}: the network stays silent, its own disk boots"),
        };
    }
}
