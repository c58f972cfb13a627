using System.Collections.Immutable;

namespace Mayu.Core.Machines;

/// <summary>
/// The transitions of a machine's life after its registration, as pure functions from record to proposal.
/// Nothing but an operator's word takes a machine from installed or running back to configured.
/// </summary>
public static class Lifecycle
{
    /// <summary>
    /// It fetched its provisioning config: configured → installing. Fetching it again while installing changes nothing, so a
    /// machine that fails and tries again for days does not fill the history.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="image">The image that it is to install.</param>
    /// <param name="installId">The name of this installation, used unless the machine is in the midst of one with the same image.</param>
    /// <param name="now">The time.</param>
    public static Proposal ConfigFetched(Machine machine, string image, string installId, DateTimeOffset now) => machine.State switch
    {
        _ when !machine.Enabled => SwitchedOff(machine),
        MachineState.Installing when IsOf(machine, image) && machine.InstallId is not null => new Proposal.Nothing(machine),
        MachineState.Configured or MachineState.Installing => Enter(Fetched(machine, image, installId, now), MachineState.Installing),
        _ => Forbidden(machine, "fetch an install config", $"an operator can request a reinstall: mayuctl set {machine.Serial} state configured"),
    };

    /// <summary>It reported that its disk is written: installing → installed. A repeated report is harmless.</summary>
    public static Proposal Installed(Machine machine) => machine.State switch
    {
        MachineState.Installing => Enter(machine with { KeepDiskData = false }, MachineState.Installed),
        MachineState.Installed => new Proposal.Nothing(machine),
        _ => Forbidden(machine, "report installed", "only a machine that is installing can"),
    };

    /// <summary>
    /// It reported that it runs: installed → running, and running → running with newer versions; the same versions once more change
    /// nothing, so that no reboot is a change of the record. The system of this very
    /// installation may report from installing too: the power went between its disk's last sector and the report of it. A machine
    /// that an operator set to configured, or that came up from an older system, stays what it is.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="installId">The installation that the reporting system is of; null when it does not tell.</param>
    /// <param name="versions">What runs there.</param>
    /// <param name="now">The time.</param>
    public static Proposal BootComplete(
        Machine machine, string? installId, ImmutableSortedDictionary<string, string> versions, DateTimeOffset now)
    {
        var isThisInstallation = installId is not null && installId == machine.InstallId;
        var next = machine with { Versions = versions, LastBoot = now, KeepDiskData = false };
        return machine.State switch
        {
            MachineState.Running when !isThisInstallation && installId is not null && machine.InstallId is not null => Forbidden(machine, "report boot_complete",
                "the system that reports is of an older installation: the machine boots another disk than the one that was installed"),
            MachineState.Running when (next with { LastBoot = machine.LastBoot }).IsSameAs(machine) => new Proposal.Nothing(machine),
            MachineState.Running => new Proposal.Put(next, "booted with other versions") { IsReport = true },
            MachineState.Installed when isThisInstallation || installId is null || machine.InstallId is null => Enter(next, MachineState.Running),
            MachineState.Installing when isThisInstallation => Enter(next, MachineState.Running),
            MachineState.Installed => Forbidden(machine, "report boot_complete",
                "the system that reports is of an older installation: the machine boots another disk than the one that was installed"),
            MachineState.Installing when installId is null => Forbidden(machine, "report boot_complete",
                $"the report does not name its installation; if that did finish: mayuctl set {machine.Serial} state installed"),
            MachineState.Installing => Forbidden(machine, "report boot_complete",
                "the system that reports is of an older installation; let it boot from the network, or, to keep that system: "
                + $"mayuctl set {machine.Serial} state installed"),
            MachineState.Configured => Forbidden(machine, "report boot_complete", "it is to be reinstalled: let it boot from the network"),
            _ => Forbidden(machine, "report boot_complete", "it was never installed: let it boot from the network"),
        };
    }

    /// <summary>An operator's word.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="to">
    /// <c>Configured</c> reinstalls it at its next network boot; <c>Installed</c> and <c>Running</c> assert that it has an OS
    /// and protect it, whichever installation that OS is of; <c>Unknown</c> lets it be decided anew, only while it has no OS; <c>Installing</c> is for machines alone.
    /// </param>
    /// <param name="keepDiskData">With <c>Configured</c>: leave the data disks alone.</param>
    public static Proposal OperatorSets(Machine machine, MachineState to, bool keepDiskData)
    {
        var hasSystem = machine.State is MachineState.Installed or MachineState.Running;
        switch (to)
        {
            case MachineState.Installing:
                return Forbidden(machine, "be set to installing", "a machine reaches that state by fetching its config; set configured");
            case MachineState.Unknown when hasSystem:
                return Forbidden(machine, "be set to unknown", "it has an operating system; set configured if it is to be reinstalled");
            case not MachineState.Configured when keepDiskData:
                return new Proposal.Refuse(new Refusal(RefusalReason.Invalid, "keep_disk_data is only allowed with the state configured.").Of(nameof(keepDiskData)));
            case MachineState.Configured when machine.Profile is null:
                return Forbidden(machine, "be set to configured", "it has no profile yet; let it boot from the network first");
            default:
                return machine.State == to && machine.KeepDiskData == keepDiskData
                    ? new Proposal.Nothing(machine)
                    : Enter(machine with { KeepDiskData = keepDiskData, InstallId = null }, to);
        }
    }

    /// <summary>The name of a state as it is written everywhere: lower case.</summary>
    public static string NameOf(MachineState state) => state switch
    {
        MachineState.Unknown => "unknown",
        MachineState.Configured => "configured",
        MachineState.Installing => "installing",
        MachineState.Installed => "installed",
        MachineState.Running => "running",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>Reads a state's name; exact, lower case.</summary>
    public static bool TryParseState(string? name, out MachineState state)
    {
        foreach (var candidate in Enum.GetValues<MachineState>())
        {
            if (NameOf(candidate) == name)
            {
                state = candidate;
                return true;
            }
        }

        state = default;
        return false;
    }

    /// <summary>
    /// A machine that runs from memory fetched its config at boot. It does so at each boot, so once it is installed or running only
    /// another image is news, or the first config after an operator set the state; before, it is as <see cref="ConfigFetched"/>.
    /// </summary>
    public static Proposal LiveConfigFetched(Machine machine, string image, string installId, DateTimeOffset now) => machine.State switch
    {
        _ when !machine.Enabled => SwitchedOff(machine),
        MachineState.Installed or MachineState.Running when machine.InstallId is not null && IsOf(machine, image) => new Proposal.Nothing(machine),
        MachineState.Installed or MachineState.Running => new Proposal.Put(Fetched(machine, image, installId, now), $"fetched its config for image {image}"),
        _ => ConfigFetched(machine, image, installId, now),
    };

    // An older Mayu did not write the profile down.
    private static bool IsOf(Machine machine, string image) =>
        machine.Image == image && (machine.InstalledProfile is null || machine.InstalledProfile == machine.Profile);

    private static Machine Fetched(Machine machine, string image, string installId, DateTimeOffset now) =>
        machine with { LastBoot = now, Image = image, InstallId = installId, InstalledProfile = machine.Profile };

    private static Proposal.Put Enter(Machine next, MachineState state) =>
        new(next with { State = state }, $"updated state to {NameOf(state)}");

    /// <summary>An operator switched it off: it is served nothing.</summary>
    internal static Proposal.Refuse SwitchedOff(Machine machine) => new(new Refusal(
        RefusalReason.Disabled, $"Machine {machine.Serial} is disabled. An operator can enable it: mayuctl set {machine.Serial} enabled true"));

    private static Proposal Forbidden(Machine machine, string what, string remedy) => Proposal.Refused(
        RefusalReason.StateForbids, $"Machine {machine.Serial} is {NameOf(machine.State)} and cannot {what}; {remedy}.");
}
