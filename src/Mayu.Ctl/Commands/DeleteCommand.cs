using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl delete</c>: removes a machine's record.</summary>
internal sealed class DeleteCommand(CtlSession session)
{
    private readonly Argument<string> _serial = CommonOptions.Serial();
    private readonly Option<bool> _force = new("--force") { Description = "Delete it even if it has an operating system and is enabled" };
    private readonly Option<bool> _yes = CommonOptions.Yes();
    private readonly Option<string?> _reason = CommonOptions.Reason();

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl delete vm-001
            mayuctl delete vm-001 --yes --reason "sold"
            mayuctl delete vm-001 --force --yes
            """;
        const string Details = "Delete a machine's record. This frees its address and its slot. Its history remains.";
        var delete = new DeleteCommand(session);
        var command = new CtlCommand("delete", "Delete a machine's record", Examples, Details, formats: CtlCommand.OfOne) { delete._serial, delete._force, delete._yes, delete._reason };
        command.SetAction(delete.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => session.UseAsync(
        parsed,
        async client =>
        {
            var name = parsed.GetRequiredValue(_serial);
            if (!parsed.GetValue(_yes))
            {
                var (serial, ended) = await session.AgreeAsync(parsed, client, name, found => session.ConfirmAsync($"Delete the record of machine {found.Serial}?", "Nothing was deleted.", cancellation), cancellation);
                if (serial is null)
                {
                    return ended;
                }

                name = serial;
            }

            var deleted = await client.ByNameAsync(
                name, serial => client.DeleteMachineAsync(serial, parsed.GetValue(_force), parsed.GetValue(_reason), cancellation), isWhole: true, cancellation);
            if (!deleted.TryGet(out var machine, out var failure))
            {
                return session.Fail(parsed, failure);
            }

            session.Show(parsed, machine, ApiJsonContext.Default.Machine, () => session.WriteLine(machine.HasRecord
                ? $"{machine.Serial} is deleted. Its history remains: 'mayuctl history {machine.Serial}'; 'mayuctl rollback {machine.Serial} --to TIME' restores it"
                : $"{machine.Serial} had no record. Its boot trace is deleted"), it => it.Serial);
            return ExitCode.Ok;
        },
        cancellation);
}
