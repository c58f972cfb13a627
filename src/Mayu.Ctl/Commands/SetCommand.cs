using System.CommandLine;
using System.Text.Json;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl set SERIAL state VALUE</c>: an operator's word about a machine.</summary>
internal sealed class SetCommand
{
    private readonly Argument<string> _serial = new("serial") { Description = "The machine's serial" };
    private readonly Argument<string> _property = new("property") { Description = "What to set: state" };
    private readonly Argument<string> _value = new("value") { Description = string.Join(", ", MachineStates.All), HelpName = "value" };
    private readonly Option<bool> _keepDiskData = new("--keep-disk-data") { Description = "Tell its config to keep the data disks; the disk it installs on is written all the same" };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for the history", HelpName = "TEXT" };
    private readonly CtlSession _session;

    private SetCommand(CtlSession session)
    {
        _session = session;
        _property.AcceptOnlyFromAmong("state");
        _value.AcceptOnlyFromAmong([.. MachineStates.All]);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl set vm-001 state configured
            mayuctl set vm-001 state configured --keep-disk-data --reason "new image"
            """;
        const string Description = "Set a machine's state. 'configured' installs it again at its next network boot.";
        var set = new SetCommand(session);
        var command = new CtlCommand("set", Description, Examples) { set._serial, set._property, set._value, set._keepDiskData, set._reason };
        command.SetAction(set.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var change = new StateChangeRequest
        {
            State = parsed.GetRequiredValue(_value),
            KeepDiskData = parsed.GetValue(_keepDiskData),
            Reason = parsed.GetValue(_reason),
        };
        return _session.AskAsync(
            parsed,
            client => client.SetStateAsync(parsed.GetRequiredValue(_serial), change, cancellation),
            machine => Show(parsed, machine),
            cancellation);
    }

    private void Show(ParseResult parsed, Machine machine)
    {
        if (_session.Format(parsed) is not OutputFormat.Table and var format)
        {
            StructuredPrinter.Print(_session.Console, format, JsonSerializer.SerializeToNode(machine, ApiJsonContext.Default.Machine)!);
            return;
        }

        var next = machine.State switch
        {
            MachineStates.Unknown => "its next network boot collects its facts",
            MachineStates.Configured when machine.KeepDiskData => "its next network boot installs it, and its config is told to keep the data disks",
            MachineStates.Configured or MachineStates.Installing => "its next network boot installs it",
            _ => "it boots from its own disk",
        };
        _session.Console.Out.WriteLine(PrintableText.Escape($"{machine.Serial} is {machine.State}: {next}"));
    }
}
