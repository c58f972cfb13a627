using Mayu.Client.Contracts;

namespace Mayu.Ctl.Output;

/// <summary>A table of machines, to which rows may be added.</summary>
/// <param name="console">Where it is printed.</param>
/// <param name="fields">Its columns.</param>
/// <param name="areNamed">Whether somebody asked for these columns: then none is left out.</param>
/// <param name="hasHeaders">Whether the headers are printed.</param>
internal sealed class MachineTable(CtlConsole console, IReadOnlyList<MachineField> fields, bool areNamed, bool hasHeaders)
{
    private readonly Column[] _columns = [.. fields.Select(field => areNamed ? field.Column with { DropOrder = 0 } : field.Column)];
    private readonly ColumnWidths _widths = new();

    // When a machine was seen changes with all that it does.
    private readonly MachineField[] _telling = [.. fields.Where(field => areNamed || field.Name != MachineField.LastSeen)];

    /// <summary>Prints rows; the first time under their headers.</summary>
    public void Print(IReadOnlyList<Machine> machines)
    {
        if (machines.Count == 0)
        {
            return;
        }

        var times = new TimeText(console.IsTerminal, console.Time.GetUtcNow());
        TablePrinter.Print(console, _columns, [.. machines.Select(machine => fields.Select(field => field.Show(machine, times)).ToArray())], hasHeaders, _widths);
    }

    /// <summary>What a machine's row tells, to see whether another one tells something else.</summary>
    public string Row(Machine machine)
    {
        var times = new TimeText(isRelative: false, default);
        return string.Join('\n', _telling.Select(field => field.Show(machine, times).Text));
    }
}
