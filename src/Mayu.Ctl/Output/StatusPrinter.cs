using Mayu.Client.Contracts;
using Mayu.Primitives;
using Spectre.Console;

namespace Mayu.Ctl.Output;

/// <summary>Prints one machine for a person: what is known of it, its problem, the last hops of its boot trace.</summary>
/// <param name="console">Where to.</param>
internal sealed class StatusPrinter(CtlConsole console)
{
    /// <summary>Most marks of the trace that are shown; <c>-o json</c> has them all.</summary>
    private const int MaxHops = 20;

    private readonly TimeText _times = new(console.IsTerminal, console.Time.GetUtcNow());

    /// <summary>Prints the machine, and its boot trace unless that is null.</summary>
    public void Print(Machine machine, IReadOnlyList<Hop>? trace)
    {
        var rows = new List<IReadOnlyList<Cell>>();
        foreach (var field in MachineField.All.Where(field => field.Name is not ("hop" or "notes" or "problem" or "conflict")))
        {
            Add(rows, field.Name, field.Show(machine, _times));
        }

        // A script finds them on one line.
        foreach (var (place, line) in (console.IsTerminal ? machine.Notes?.Split('\n') : machine.Notes is { } notes ? [notes] : null)?.Index() ?? [])
        {
            rows.Add([new Cell(place == 0 ? "notes" : "", Color.Grey), new Cell(line)]);
        }

        if (machine.Facts is { } facts)
        {
            AddFacts(rows, facts);
        }

        if (machine.Conflict is { } claim)
        {
            var who = $"MAC {string.Join(", ", claim.MacAddresses)}, UUID {claim.Uuid ?? "none"}" + (claim.Serial is { } serial ? $", serial {serial}" : "");
            Add(rows, "conflict", new Cell($"since {_times.Format(claim.At)} it is not certain which machine asks with {who}", StateColors.Problem));
            Add(rows, "because", new Cell(claim.Why));
            Add(rows, "remedy", new Cell(claim.Remedy));
        }

        if (machine.Problem is { } problem)
        {
            Add(rows, "problem", new Cell(problem.Reason, StateColors.Problem));
            Add(rows, "problem at", new Cell($"{problem.Hop}, {_times.Format(problem.At)}"));
        }

        if (machine.Stall is { } stall)
        {
            Add(rows, "stall", new Cell(stall.Reason, StateColors.Problem));
            Add(rows, "usual causes", new Cell(string.Join("; ", stall.Causes)));
        }

        TablePrinter.Print(console, ["", new("") { Wraps = true }], rows, hasHeaders: false);
        if (trace is not null)
        {
            PrintTrace(trace);
        }
    }

    private static void AddFacts(List<IReadOnlyList<Cell>> rows, FactsReport facts)
    {
        Add(rows, "hardware", new Cell(string.Join(' ', new[] { facts.Dmi?.Vendor, facts.Dmi?.Product }.OfType<string>())));
        if (facts.Cpu is { } cpu)
        {
            Add(rows, "cpu", new Cell(
                $"{cpu.Model} ({Counted.Of(cpu.Sockets, "socket")}, {Counted.Of(cpu.Cores, "core")}, {Counted.Of(cpu.Threads, "thread")})".TrimStart()));
        }

        Add(rows, "memory", new Cell(facts.MemoryBytes is { } bytes ? SizeText.Format(bytes) : null));
        Add(rows, "disks", new Cell(string.Join(", ", facts.Disks.Select(disk => $"{disk.Name} {SizeText.Format(disk.SizeBytes)}"))));
        Add(rows, "nics", new Cell(string.Join(", ", facts.NetDevs.Select(dev => $"{dev.Name} {dev.MacAddress}"))));
    }

    private static void Add(List<IReadOnlyList<Cell>> rows, string name, Cell value)
    {
        if (value.Text.Length > 0)
        {
            rows.Add([new Cell(name, Color.Grey), value]);
        }
    }

    private void PrintTrace(IReadOnlyList<Hop> trace)
    {
        console.Out.WriteLine();
        if (trace.Count == 0)
        {
            console.Out.WriteLine("No boot was seen since the server started.");
            return;
        }

        var shown = trace.Skip(trace.Count - MaxHops).ToList();
        console.Out.WriteLine(shown.Count < trace.Count
            ? $"The last {shown.Count} of {trace.Count} hops of its boots:"
            : "The hops of its boots:");
        new TracePrinter(console).Print(shown);
    }
}
