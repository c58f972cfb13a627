using Mayu.Client.Contracts;

namespace Mayu.Ctl.Output;

/// <summary>A machine as it is beside what would become of it, for who is asked whether it may.</summary>
internal static class MachineComparison
{
    private const string None = "none";

    /// <summary>What an installation would change.</summary>
    /// <param name="console">Where it is printed.</param>
    /// <param name="machine">As it is.</param>
    /// <param name="keepsDisk">What <c>keep_disk_data</c> would be.</param>
    public static void PrintInstallation(CtlConsole console, Machine machine, bool keepsDisk) => Print(
        console,
        machine,
        [
            ("state", machine.State, MachineStates.Configured),
            ("profile", machine.InstalledProfile ?? machine.Profile ?? None, machine.Profile ?? None),
            ("keep_disk_data", machine.KeepDiskData ? "yes" : "no", keepsDisk ? "yes" : "no"),
            ("system disk", SystemOf(machine), $"overwritten with {machine.Image ?? "its image"}"),
        ]);

    /// <summary>What goes with the record of a machine.</summary>
    /// <param name="console">Where it is printed.</param>
    /// <param name="machine">As it is.</param>
    public static void PrintDeletion(CtlConsole console, Machine machine) => Print(
        console,
        machine,
        [
            ("state", machine.State, "no record: it is a new machine at its next network boot"),
            ("profile", machine.Profile ?? None, machine.Profile is null ? None : "none, and its slot is free"),
            ("host name", machine.Hostname ?? None, None),
            ("address", machine.InternalAddress ?? None, machine.InternalAddress is null ? None : "free for others"),
            ("tags", Count(machine.Metadata.Count), None),
            ("overrides", Count(machine.Overrides.Count), None),
            ("notes", machine.Notes is null ? None : "yes", None),
            ("system disk", SystemOf(machine), "as it is"),
        ]);

    private static string SystemOf(Machine machine) => machine.State is MachineStates.Installed or MachineStates.Running
        ? $"the system {machine.Versions.GetValueOrDefault("OS") ?? "that is installed"}"
        : "no known system";

    private static string Count(int count) => count == 0 ? None : count.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // What is not there and will not be says nothing.
    private static void Print(CtlConsole console, Machine machine, IEnumerable<(string Name, string Now, string Then)> rows) => TablePrinter.Print(
        console,
        [machine.Serial, "now", "then"],
        [.. rows.Where(row => (row.Now, row.Then) != (None, None)).Select(row => new[] { new Cell(row.Name), new Cell(row.Now), new Cell(row.Then) })]);
}
