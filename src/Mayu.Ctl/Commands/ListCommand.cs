using System.CommandLine;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
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
            """;
        var list = new ListCommand(session);
        var command = new CtlCommand("list", "List the machines", Examples, formats: CtlCommand.OfNames) { list._fields, list._noLegend };
        list._selection.AddTo(command);
        command.SetAction(list.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => _session.UseAsync(
        parsed,
        async client =>
        {
            var asked = new MachineListRequest { Selector = _selection.Text(parsed), Fields = FieldsOf(parsed) };
            if (!(await client.ListMachinesAsync(asked, cancellation)).TryGet(out var machines, out var failure))
            {
                return _session.Fail(parsed, failure);
            }

            return _selection.Profile(parsed) is { } profile && machines.Count == 0 && await RefuseUnknownAsync(parsed, client, profile, cancellation) is { } refused
                ? refused
                : Show(parsed, machines);
        },
        cancellation);

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
    private async Task<int?> RefuseUnknownAsync(ParseResult parsed, MayuClient client, string profile, CancellationToken cancellation)
    {
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

    private int Show(ParseResult parsed, IReadOnlyList<Machine> machines)
    {
        _session.Show(parsed, machines, ApiJsonContext.Default.Machine, () => Print(parsed, machines), machine => machine.Serial);
        return ExitCode.Ok;
    }

    private void Print(ParseResult parsed, IReadOnlyList<Machine> machines)
    {
        if (machines.Count == 0)
        {
            _session.Console.WriteError(_selection.Text(parsed) is null
                ? "There is no machine yet. Power one on in the boot network, and let it boot from the network."
                : "No machine matches; 'mayuctl list' shows all.");
            return;
        }

        var times = new TimeText(_session.Console.IsTerminal, _session.Console.Time.GetUtcNow());
        var fields = ColumnsOf(parsed);
        // What somebody asks for by name is not left out.
        var columns = fields.Select(field => parsed.GetValue(_fields) is null ? field.Column : field.Column with { DropOrder = 0 });
        TablePrinter.Print(
            _session.TableOf(parsed),
            [.. columns],
            [.. machines.Select(machine => fields.Select(field => field.Show(machine, times)).ToArray())],
            hasHeaders: !parsed.GetValue(_noLegend));
    }
}
