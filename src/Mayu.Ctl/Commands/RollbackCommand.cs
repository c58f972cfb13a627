using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl rollback</c>: takes a machine's record back to an earlier one.</summary>
internal sealed class RollbackCommand(CtlSession session)
{
    private readonly Argument<string> _serial = CommonOptions.Serial();
    private readonly Option<string?> _to =
        PointInTime.Option("--to", $"The moment to go back to, right after a change: {PointInTime.Form}", session.Console.Time, isRequired: true);

    private readonly Option<string?> _reason = CommonOptions.Reason();

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl rollback vm-001 --to 75cc184
            mayuctl rollback vm-001 --to 2h --reason "wrong profile"
            mayuctl rollback vm-001 --to 2026-01-02T15:04:05Z
            """;
        const string Details = "Undo operators' changes of a machine, as a new change. Its state and facts remain as they are. A deleted machine is restored.";
        var rollback = new RollbackCommand(session);
        var command = new CtlCommand("rollback", "Undo operators' changes of a machine", Examples, Details, formats: CtlCommand.OfOne) { rollback._serial, rollback._to, rollback._reason };
        command.SetAction(rollback.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var request = new RollbackRequest { To = parsed.GetRequiredValue(_to), Reason = parsed.GetValue(_reason) };
        return session.AskAboutAsync(
            parsed,
            parsed.GetRequiredValue(_serial),
            (client, serial) => client.RollBackAsync(serial, request, cancellation),
            machine => session.Show(parsed, machine, ApiJsonContext.Default.Machine, () => session.WriteLine(
                $"{machine.Serial} is as it was at {request.To}: profile {machine.Profile ?? "(none)"}, address {machine.InternalAddress ?? "(none)"}, state {machine.State}"), it => it.Serial),
            cancellation);
    }
}
