using System.CommandLine;
using System.Text.Json;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Client.Events;
using Mayu.Client.Text;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands.Events;

/// <summary>Prints the list of machines, and then each machine again whose row has changed.</summary>
/// <param name="session">The way to the server.</param>
/// <param name="table">The table that the rows belong to.</param>
internal sealed class MachineFollower(CtlSession session, MachineTable table)
{
    /// <summary>The state of a row whose machine was deleted, or does not match any more.</summary>
    public const string Gone = "gone";

    private readonly MachineCopy _copy = new();
    private readonly Dictionary<string, (Machine Machine, string Row)> _shown = new(StringComparer.Ordinal);

    /// <summary>Whether the first list was complete.</summary>
    private bool _hasList;

    /// <summary>Follows the list, until the cancellation ends it by an exception.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="watch">The list.</param>
    /// <param name="whenEmpty">What is done if the first list has no machine: the exit code; null: machines may still come.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit code where the server or <paramref name="whenEmpty"/> ends it.</returns>
    public async Task<int> FollowAsync(ParseResult parsed, MachineWatch watch, Func<Task<int?>> whenEmpty, CancellationToken cancellation)
    {
        watch.Interrupted = _ => session.Console.WriteError("mayuctl: the event stream was lost; trying again");
        var format = session.Format(parsed);
        await foreach (var happened in watch.ReadAsync(cancellation))
        {
            var isTold = _copy.Apply(happened) && _copy.IsComplete;
            if (format == OutputFormat.Json)
            {
                // One event a line, for programs that read as it comes.
                session.Console.Out.WriteLine(JsonSerializer.Serialize(happened, ApiJsonContext.Default.MachineEvent));
            }
            else if (isTold)
            {
                Show(happened, format);
            }

            if (isTold && !_hasList && _copy.Machines.Count == 0 && await whenEmpty() is { } ended)
            {
                return ended;
            }

            _hasList |= isTold;

            session.Console.Out.Flush();
        }

        return watch.Failure is { } failure ? session.Fail(parsed, failure) : ExitCode.Ok;
    }

    private void Show(MachineEvent happened, OutputFormat format)
    {
        IEnumerable<Machine> came = _copy.Machines.Values;
        IEnumerable<string> gone = _shown.Keys.Where(serial => !_copy.Machines.ContainsKey(serial)).Order(StringComparer.Ordinal);
        if (happened is { Kind: MachineEvent.UpsertKind, Machine: { } one })
        {
            (came, gone) = ([one], []);
        }
        else if (happened is { Kind: MachineEvent.DeleteKind, Serial: { } serial })
        {
            (came, gone) = ([], [serial]);
        }

        var rows = came.Select(machine => (Machine: machine, Row: table.Row(machine))).ToList();
        var changed = rows.Where(row => !_shown.TryGetValue(row.Machine.Serial, out var shown) || shown.Row != row.Row).Select(row => row.Machine).ToList();
        var left = gone.Where(_shown.ContainsKey).Select(serial => _shown[serial].Machine with { State = Gone }).ToList();
        if (format == OutputFormat.Name)
        {
            ShowNames(changed.Where(machine => !_shown.ContainsKey(machine.Serial)));
        }
        else
        {
            table.Print([.. changed, .. left]);
        }

        rows.ForEach(row => _shown[row.Machine.Serial] = row);
        left.ForEach(machine => _shown.Remove(machine.Serial));
    }

    private void ShowNames(IEnumerable<Machine> machines)
    {
        foreach (var machine in machines)
        {
            session.Console.Out.WriteLine(PrintableText.Escape(machine.Serial));
        }
    }
}
