using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl resolve</c>: an operator's word on two machines with one serial.</summary>
internal sealed class ResolveCommand
{
    private readonly Argument<string> _serial = CommonOptions.Serial();
    private readonly Option<bool> _accept = new("--accept") { Description = "It is the same machine with new parts: its new MACs and UUID are taken over" };
    private readonly Option<bool> _dismiss = new("--dismiss") { Description = "It is another machine: the record stays as it is" };
    private readonly Option<string?> _reason = CommonOptions.Reason();
    private readonly CtlSession _session;

    private ResolveCommand(CtlSession session) => _session = session;

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl resolve vm-001 --accept --reason "new mainboard"
            mayuctl resolve vm-001 --dismiss
            """;
        const string Description = "Say which machine is right where two have the same serial; 'mayuctl status' shows both.";
        var resolve = new ResolveCommand(session);
        var command = new CtlCommand("resolve", Description, Examples) { resolve._serial, resolve._accept, resolve._dismiss, resolve._reason };
        command.Validators.Add(result =>
        {
            if (result.GetValue(resolve._accept) == result.GetValue(resolve._dismiss))
            {
                result.AddError("Say one of --accept and --dismiss.");
            }
        });
        command.SetAction(resolve.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var request = new ConflictRequest { Accept = parsed.GetValue(_accept), Reason = parsed.GetValue(_reason) };
        return _session.AskAsync(
            parsed,
            client => client.ResolveConflictAsync(parsed.GetRequiredValue(_serial), request, cancellation),
            machine => _session.Show(parsed, machine, ApiJsonContext.Default.Machine, () => _session.Say(
                $"{machine.Serial} is the machine with the MACs {string.Join(", ", machine.MacAddresses)}")),
            cancellation);
    }
}
