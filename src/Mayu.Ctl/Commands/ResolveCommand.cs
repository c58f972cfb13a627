using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl resolve</c>: an operator's word on somebody who may be a machine and may be another.</summary>
internal sealed class ResolveCommand(CtlSession session)
{
    private readonly Argument<string> _serial = CommonOptions.Serial();
    private readonly Option<bool> _accept = new("--accept") { Description = "It is the same machine with new parts: its new MACs and UUID are taken over" };
    private readonly Option<bool> _separate = new("--separate") { Description = "It is another machine: what both say (serial, UUID, a moved card) no longer identifies either" };
    private readonly Option<bool> _dismiss = new("--dismiss") { Description = "The claim is of no interest: the record stays as it is" };
    private readonly Option<string?> _reason = CommonOptions.Reason();

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl resolve vm-001 --accept --reason "new mainboard"
            mayuctl resolve vm-001 --separate --reason "second node of the same chassis"
            mayuctl resolve vm-001 --dismiss
            """;
        const string Details = "Decide an identity conflict: two machines claim to be the same one. 'mayuctl status' shows both claims, and why.";
        var resolve = new ResolveCommand(session);
        var command = new CtlCommand("resolve", "Decide an identity conflict", Examples, Details, formats: CtlCommand.OfOne) { resolve._serial, resolve._accept, resolve._separate, resolve._dismiss, resolve._reason };
        command.Validators.Add(result =>
        {
            if (new[] { resolve._accept, resolve._separate, resolve._dismiss }.Count(result.GetValue) != 1)
            {
                result.AddError("Say one of --accept, --separate and --dismiss.");
            }
        });
        command.SetAction(resolve.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var verdict = parsed.GetValue(_accept) ? ConflictRequest.Accept : parsed.GetValue(_separate) ? ConflictRequest.Separate : ConflictRequest.Dismiss;
        var request = new ConflictRequest { Verdict = verdict, Reason = parsed.GetValue(_reason) };
        return session.AskAboutAsync(
            parsed,
            parsed.GetRequiredValue(_serial),
            (client, serial) => client.ResolveConflictAsync(serial, request, cancellation),
            machine => session.Show(parsed, machine, ApiJsonContext.Default.Machine, () => session.WriteLine(
                verdict == ConflictRequest.Dismiss ? $"The claim on {machine.Serial} is dismissed: its record stays as it is" : Tell(machine)), it => it.Serial),
            cancellation);
    }

    private static string Tell(Machine machine)
    {
        var shared = (machine.SharesSerial ?? false, machine.SharesUuid ?? false) switch
        {
            (true, true) => "; others say its serial and its UUID too: it is known by its MACs from now on",
            (true, false) => $"; others say its serial too: it is known by its {(machine.Uuid is null ? "" : "UUID and its ")}MACs from now on",
            (false, true) => "; others say its UUID too: it is known by its serial, where it has one, and its MACs from now on",
            _ => "",
        };
        return $"{machine.Serial} is the machine with the MACs {string.Join(", ", machine.MacAddresses)}{shared}";
    }
}
