using Mayu.Client.Contracts;

namespace Mayu.Ctl.Output;

/// <summary>One column that a list of machines can have.</summary>
/// <param name="Column">Its column; it is asked for by that one's name.</param>
/// <param name="Fields">The fields of the API's machines that it is made of.</param>
/// <param name="Show">Its value for a machine.</param>
internal sealed record MachineField(Column Column, IReadOnlyList<string> Fields, Func<Machine, TimeText, Cell> Show)
{
    /// <summary>The override that the first mayuctl knew as a property of its own.</summary>
    public const string EtcdTokenOverride = "etcd_token";

    /// <summary>The name of the column that tells when a machine was seen last.</summary>
    public const string LastSeen = "lastseen";

    /// <summary>The field that each machine of a list has.</summary>
    public static IReadOnlyList<string> Serial { get; } = ["serial"];

    /// <summary>The name by which it is asked for, which is its header too.</summary>
    public string Name => Column.Name;

    /// <summary>All columns, in the order in which help lists them.</summary>
    public static IReadOnlyList<MachineField> All { get; } =
    [
        new("serial", ["serial"], (machine, _) => new Cell(machine.Serial)),
        new("ip", ["internalAddress"], (machine, _) => new Cell(machine.InternalAddress)),
        new("profile", ["profile"], (machine, _) => new Cell(machine.Profile)),
        new("state", ["state"], (machine, _) => new Cell(machine.State, StateColors.Of(machine.State))),
        new(new Column("hop") { DropOrder = 1 }, ["hop"], (machine, _) => new Cell(ShowHop(machine.Hop))),
        new(new Column(LastSeen) { DropOrder = 2 }, ["lastSeen"], (machine, times) => new Cell(times.Format(machine.LastSeen))),
        new(new Column("note") { IsBelow = true }, ["enabled", "installedProfile", "profile"], (machine, _) => new Cell(Note(machine), StateColors.Note)),
        new(new Column("problem") { IsBelow = true }, ["problem", "stall"], (machine, _) => new Cell(FirstSentence(machine.Problem?.Reason ?? machine.Stall?.Reason), StateColors.Problem)),
        new("hostname", ["hostname"], (machine, _) => new Cell(machine.Hostname)),
        new("addresses", ["additionalAddresses"], (machine, _) => new Cell(string.Join(',', machine.AdditionalAddresses.Select(entry => $"{entry.Key}={entry.Value}")))),
        new("image", ["image"], (machine, _) => new Cell(machine.Image)),
        new("firmware", ["firmware"], (machine, _) => new Cell(machine.Firmware)),
        new("uuid", ["uuid"], (machine, _) => new Cell(machine.Uuid)),
        new("mac", ["macAddresses"], (machine, _) => new Cell(string.Join(',', machine.MacAddresses))),
        new("nic", ["connectedNic"], (machine, _) => new Cell(machine.ConnectedNic)),
        new("ipmiaddr", ["bmcAddress"], (machine, _) => new Cell(machine.BmcAddress)),
        new("machineid", ["machineId"], (machine, _) => new Cell(machine.MachineId)),
        new("metadata", ["metadata"], (machine, _) => new Cell(string.Join(',', machine.Metadata))),
        new("versions", ["versions"], (machine, _) => new Cell(string.Join(',', machine.Versions.Select(entry => $"{entry.Key}={entry.Value}")))),
        new("overrides", ["overrides"], (machine, _) => new Cell(string.Join(',', machine.Overrides.Select(entry => $"{entry.Key}={entry.Value.GetRawText()}")))),
        // The first mayuctl's names.
        new("etcdtoken", ["overrides"], (machine, _) => new Cell(machine.Overrides.TryGetValue(EtcdTokenOverride, out var token) ? token.ToString() : null)),
        new("coreos", ["image"], (machine, _) => new Cell(machine.Image)),
        new("providerid", ["providerId"], (machine, _) => new Cell(machine.ProviderId)),
        new("cabinet", ["cabinet"], (machine, _) => new Cell(machine.Cabinet)),
        new("notes", ["notes"], (machine, _) => new Cell(machine.Notes)),
        new(new Column("conflict") { IsBelow = true }, ["conflict"], (machine, _) => new Cell(machine.Conflict is { } claim ? $"another machine may be this one: {string.Join(',', claim.MacAddresses)}" : null, StateColors.Problem)),
        new("enabled", ["enabled"], (machine, _) => new Cell(machine.Enabled ? "yes" : "no")),
        new("keepdata", ["keepDiskData"], (machine, _) => new Cell(machine.KeepDiskData ? "yes" : "no")),
        new("firstseen", ["firstSeen"], (machine, times) => new Cell(times.Format(machine.FirstSeen))),
        new("lastboot", ["lastBoot"], (machine, times) => new Cell(times.Format(machine.LastBoot))),
    ];

    /// <summary>The columns of a list that asks for none.</summary>
    public static IReadOnlyList<MachineField> Default { get; } = [.. All.Take(8)];

    /// <summary>The columns of a list that asks for more: what tells machines apart. The others have to be asked for by name; overrides may hold secrets.</summary>
    public static IReadOnlyList<MachineField> Wide { get; } =
    [
        .. Default.Where(field => !field.Column.IsBelow),
        .. Parse("hostname,image,firmware,mac,ipmiaddr,cabinet,metadata", out _),
        .. Default.Where(field => field.Column.IsBelow),
    ];

    /// <summary>The columns that a comma-separated list names.</summary>
    /// <param name="text">Names of columns.</param>
    /// <param name="unknown">The name that is none of them, or null.</param>
    public static IReadOnlyList<MachineField> Parse(string text, out string? unknown)
    {
        unknown = null;
        var fields = new List<MachineField>();
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (All.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } field)
            {
                fields.Add(field);
            }
            else
            {
                unknown ??= name;
            }
        }

        return fields;
    }

    private static string? ShowHop(Hop? hop) => hop switch
    {
        null => null,
        { Bytes: { } bytes, Total: > 0 and var total } => $"{hop.Name} {100.0 * bytes / total:0}%",
        _ => hop.Name,
    };

    private static string Note(Machine machine) => string.Join("; ", new[]
    {
        machine.Enabled ? null : "disabled",
        machine.InstalledProfile is { } installed && installed != machine.Profile ? $"installed with profile {installed}" : null,
    }.OfType<string>());

    // What to do about it is in `mayuctl status`.
    private static string? FirstSentence(string? text) => text?.IndexOf(". ", StringComparison.Ordinal) is { } end and >= 0 ? text[..(end + 1)] : text;
}
