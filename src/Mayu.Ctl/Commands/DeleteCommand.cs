using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;
using Mayu.Ctl.Selection;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl delete</c>: removes a machine's record.</summary>
internal sealed class DeleteCommand
{
    private readonly CtlSession _session;
    private readonly SharedChange _shared;
    private readonly Argument<string?> _serial = CommonOptions.SerialOrNone();
    private readonly Option<bool> _force = new("--force") { Description = "Delete it even if it has an operating system and is enabled" };
    private readonly Option<bool> _yes = CommonOptions.Yes();
    private readonly Option<string?> _reason = CommonOptions.Reason();

    private DeleteCommand(CtlSession session) => (_session, _shared) = (session, new SharedChange(session, _yes, _reason));

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl delete vm-001
            mayuctl delete vm-001 --yes --reason "sold"
            mayuctl delete vm-001 --force --yes
            mayuctl delete vm-001 --dry-run
            mayuctl delete --tag rack=7 --dry-run
            """;
        const string Details = "Delete the record of a machine, or of all that are selected. This frees its address and its slot. Its history remains.";
        var delete = new DeleteCommand(session);
        var command = new CtlCommand("delete", "Delete a machine's record", Examples, Details, formats: CtlCommand.OfOne) { delete._serial, delete._force, delete._yes, delete._reason };
        delete._shared.AddTo(command, delete._serial);
        command.SetAction(delete.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => parsed.GetValue(_serial) is { } name && !_shared.IsMeant(parsed)
        ? RunAsync(parsed, name, cancellation)
        : _shared.RunAsync(parsed, parsed.GetValue(_serial), new MachineChangesRequest { Delete = new MachineDeletion { Force = parsed.GetValue(_force) } }, "Delete the record", cancellation);

    private Task<int> RunAsync(ParseResult parsed, string name, CancellationToken cancellation) => _session.UseAsync(
        parsed,
        async client =>
        {
            string? shown = null;
            if (!parsed.GetValue(_yes))
            {
                var (found, ended) = await _session.AgreeAsync(parsed, client, name, one => AskAsync(one, cancellation), cancellation);
                if (found is null)
                {
                    return ended;
                }

                (name, shown) = (found.Serial, found.Tag);
            }

            var deleted = await client.ByNameAsync(
                name, serial => client.DeleteMachineAsync(serial, parsed.GetValue(_force), parsed.GetValue(_reason), shown, cancellation), isWhole: true, cancellation);
            if (!deleted.TryGet(out var machine, out var failure))
            {
                return _session.Fail(parsed, failure);
            }

            _session.Show(parsed, machine, ApiJsonContext.Default.Machine, () => _session.WriteLine(machine.HasRecord
                ? $"{machine.Serial} is deleted. Its history remains: 'mayuctl history {machine.Serial}'; 'mayuctl rollback {machine.Serial} --to TIME' restores it"
                : $"{machine.Serial} had no record. Its boot trace is deleted"), it => it.Serial);
            return ExitCode.Ok;
        },
        cancellation);

    private Task<int?> AskAsync(Machine found, CancellationToken cancellation)
    {
        if (found.HasRecord)
        {
            MachineComparison.PrintDeletion(_session.Console.BesideQuestions, found);
        }

        return _session.ConfirmAsync($"Delete the record of machine {found.Serial}?", "Nothing was deleted.", cancellation);
    }
}
