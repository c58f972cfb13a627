using System.CommandLine;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Commands.Events;
using Mayu.Ctl.Output;
using Mayu.Ctl.Selection;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl list</c>: the machines, one a line.</summary>
internal sealed class ListCommand
{
    private readonly Option<string?> _fields = new("--fields")
    {
        Description = "The columns of the table: " + string.Join(", ", MachineField.All.Select(field => field.Name)),
        HelpName = "NAMES",
    };

    private readonly Option<bool> _noLegend = new("--no-legend") { Description = "Omit the headers" };

    private readonly Option<bool> _watch = new("--watch", "-w") { Description = "Then print each machine again that changes, until Ctrl-C" };

    private readonly MachineSelection _selection = new();
    private readonly CtlSession _session;

    private ListCommand(CtlSession session)
    {
        _session = session;
        _fields.CompletionSources.Add([.. MachineField.All.Select(field => field.Name)]);
        _fields.Validators.Add(result =>
        {
            if (MachineField.Parse(result.Tokens is [var token] ? token.Value : "", out var unknown) is [] || unknown is not null)
            {
                result.AddError($"--fields '{unknown}' is not a column. The columns are: {string.Join(", ", MachineField.All.Select(field => field.Name))}.");
            }
        });
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl list
            mayuctl list --state installing
            mayuctl list --profile core --fields serial,ip,image --no-legend
            mayuctl list -o wide
            mayuctl list --tag rack=7 --selector state!=running
            mayuctl list --state running -o name
            mayuctl list -o json | jq -r '.[].serial'
            mayuctl list --profile core --watch
            """;
        const string Details = "With --watch the list is followed by the row of each machine that changes, as it changes; a change of lastseen alone is none. A machine that was deleted, or does not match "
            + "any more, has the state gone. With -o json there is one event per line: snapshot, upsert, delete, synced. With -o name a machine is printed when it comes into the list. "
            + "Ctrl-C ends it, with exit code 0.";
        var list = new ListCommand(session);
        var command = new CtlCommand("list", "List the machines", Examples, Details, formats: CtlCommand.OfNames) { list._fields, list._noLegend, list._watch };
        command.Follow = list._watch;
        list._selection.AddTo(command);
        command.SetAction(list.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => parsed.GetValue(_watch)
        ? _session.FollowAsync(parsed, client => FollowAsync(parsed, client, cancellation), cancellation)
        : _session.UseAsync(parsed, client => ListAsync(parsed, client, cancellation), cancellation);

    private async Task<int> ListAsync(ParseResult parsed, MayuClient client, CancellationToken cancellation)
    {
        var asked = new MachineListRequest { Selector = _selection.Text(parsed), Fields = FieldsOf(parsed) };
        if (!(await client.ListMachinesAsync(asked, cancellation)).TryGet(out var machines, out var failure))
        {
            return _session.Fail(parsed, failure);
        }

        if (machines.Count == 0 && await RefuseUnknownAsync(parsed, client, cancellation) is { } refused)
        {
            return refused;
        }

        _session.Show(parsed, machines, ApiJsonContext.Default.Machine, () => Print(parsed, machines), machine => machine.Serial);
        return ExitCode.Ok;
    }

    private async Task<int> FollowAsync(ParseResult parsed, MayuClient client, CancellationToken cancellation)
    {
        if (!(await client.WatchMachinesAsync(_selection.Text(parsed), cancellation)).TryGet(out var watch, out var failure))
        {
            return _session.Fail(parsed, failure);
        }

        using (watch)
        {
            return await new MachineFollower(_session, TableOf(parsed)).FollowAsync(parsed, watch, () => WhenEmptyAsync(parsed, client, cancellation), cancellation);
        }
    }

    private async Task<int?> WhenEmptyAsync(ParseResult parsed, MayuClient client, CancellationToken cancellation)
    {
        var refused = await RefuseUnknownAsync(parsed, client, cancellation);
        if (refused is null)
        {
            TellEmpty(parsed);
        }

        return refused;
    }

    // What a table does not show is not asked for; programs get all.
    private IReadOnlyList<string>? FieldsOf(ParseResult parsed) => _session.Format(parsed) switch
    {
        OutputFormat.Json or OutputFormat.Yaml => null,
        OutputFormat.Name => MachineField.Serial,
        _ => [.. ColumnsOf(parsed).SelectMany(field => field.Fields).Concat(MachineField.Serial).Distinct(StringComparer.Ordinal)],
    };

    private IReadOnlyList<MachineField> ColumnsOf(ParseResult parsed) =>
        parsed.GetValue(_fields) is { } names ? MachineField.Parse(names, out _) : _session.Format(parsed) == OutputFormat.Wide ? MachineField.Wide : MachineField.Default;

    // A machine may have a profile that the configuration lost, so the machines are looked at first.
    private async Task<int?> RefuseUnknownAsync(ParseResult parsed, MayuClient client, CancellationToken cancellation)
    {
        if (_selection.Profile(parsed) is not { } profile)
        {
            return null;
        }

        if (!(await client.GetProfilesAsync(cancellation)).TryGet(out var profiles, out var failure))
        {
            return _session.Fail(parsed, failure);
        }

        if (profiles.Items.Any(known => known.Name == profile))
        {
            return null;
        }

        _session.Console.WriteError(
            $"mayuctl: there is no profile '{profile}'. There are: {string.Join(", ", profiles.Items.Select(known => known.Name))}.");
        return ExitCode.NotFound;
    }

    private void Print(ParseResult parsed, IReadOnlyList<Machine> machines)
    {
        if (machines.Count == 0)
        {
            TellEmpty(parsed);
        }

        TableOf(parsed).Print(machines);
    }

    private void TellEmpty(ParseResult parsed) => _session.Console.WriteError(_selection.Text(parsed) is null
        ? "There is no machine yet. Power one on in the boot network, and let it boot from the network."
        : "No machine matches; 'mayuctl list' shows all.");

    private MachineTable TableOf(ParseResult parsed) => new(
        _session.TableOf(parsed), ColumnsOf(parsed), areNamed: parsed.GetValue(_fields) is not null, hasHeaders: !parsed.GetValue(_noLegend));
}
