using Mayu.Client.Contracts;

namespace Mayu.Ctl.Output;

/// <summary>One column that a list of machines can have.</summary>
/// <param name="Column">Its column; it is asked for by that one's name.</param>
/// <param name="Show">Its value for a machine.</param>
internal sealed record MachineField(Column Column, Func<Machine, TimeText, Cell> Show)
{
    /// <summary>The override that the first mayuctl knew as a property of its own.</summary>
    public const string EtcdTokenOverride = "etcd_token";

    /// <summary>The name by which it is asked for, which is its header too.</summary>
    public string Name => Column.Name;

    /// <summary>All columns, in the order in which help lists them.</summary>
    public static IReadOnlyList<MachineField> All { get; } =
    [
        new("serial", (machine, _) => new Cell(machine.Serial)),
        new("ip", (machine, _) => new Cell(machine.InternalAddress)),
        new("profile", (machine, _) => new Cell(machine.Profile)),
        new("state", (machine, _) => new Cell(machine.State, StateColors.Of(machine.State))),
        new(new Column("hop") { DropOrder = 1 }, (machine, _) => new Cell(ShowHop(machine.Hop))),
        new(new Column("lastseen") { DropOrder = 2 }, (machine, times) => new Cell(times.Format(machine.LastSeen))),
        new(new Column("note") { IsBelow = true }, (machine, _) => new Cell(Note(machine), StateColors.Note)),
        new(new Column("problem") { IsBelow = true }, (machine, _) => new Cell(FirstSentence(machine.Problem?.Reason ?? machine.Stall?.Reason), StateColors.Problem)),
        new("hostname", (machine, _) => new Cell(machine.Hostname)),
        new("addresses", (machine, _) => new Cell(string.Join(',', machine.AdditionalAddresses.Select(entry => $"{entry.Key}={entry.Value}")))),
        new("image", (machine, _) => new Cell(machine.Image)),
        new("firmware", (machine, _) => new Cell(machine.Firmware)),
        new("uuid", (machine, _) => new Cell(machine.Uuid)),
        new("mac", (machine, _) => new Cell(string.Join(',', machine.MacAddresses))),
        new("nic", (machine, _) => new Cell(machine.ConnectedNic)),
        new("ipmiaddr", (machine, _) => new Cell(machine.BmcAddress)),
        new("machineid", (machine, _) => new Cell(machine.MachineId)),
        new("metadata", (machine, _) => new Cell(string.Join(',', machine.Metadata))),
        new("versions", (machine, _) => new Cell(string.Join(',', machine.Versions.Select(entry => $"{entry.Key}={entry.Value}")))),
        new("overrides", (machine, _) => new Cell(string.Join(',', machine.Overrides.Select(entry => $"{entry.Key}={entry.Value.GetRawText()}")))),
        // The first mayuctl's names.
        new("etcdtoken", (machine, _) => new Cell(machine.Overrides.TryGetValue(EtcdTokenOverride, out var token) ? token.ToString() : null)),
        new("coreos", (machine, _) => new Cell(machine.Image)),
        new("providerid", (machine, _) => new Cell(machine.ProviderId)),
        new("cabinet", (machine, _) => new Cell(machine.Cabinet)),
        new(new Column("conflict") { IsBelow = true }, (machine, _) => new Cell(machine.Conflict is { } claim ? $"another machine may be this one: {string.Join(',', claim.MacAddresses)}" : null, StateColors.Problem)),
        new("enabled", (machine, _) => new Cell(machine.Enabled ? "yes" : "no")),
        new("keepdata", (machine, _) => new Cell(machine.KeepDiskData ? "yes" : "no")),
        new("firstseen", (machine, times) => new Cell(times.Format(machine.FirstSeen))),
        new("lastboot", (machine, times) => new Cell(times.Format(machine.LastBoot))),
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
