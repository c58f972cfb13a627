using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl enable</c> and <c>disable</c>: whether a machine is served anything.</summary>
internal static class EnableCommands
{
    /// <summary>Makes the commands.</summary>
    public static IEnumerable<Command> Create(CtlSession session) =>
    [
        Create(session, "enable", true, "Serve a machine again", "Serve a machine again that was disabled.", "is enabled"),
        Create(
            session, "disable", false, "Stop serving a machine", "Stop serving a machine: it boots nothing from the network, and gets no config. A system that runs on it is not touched.",
            "is disabled: it boots nothing from the network"),
    ];

    private static CtlCommand Create(CtlSession session, string name, bool enabled, string summary, string details, string done)
    {
        var examples = $"""
            mayuctl {name} vm-001
            mayuctl {name} vm-001 --reason "broken fan"
            """;
        var (serial, reason) = (CommonOptions.Serial(), CommonOptions.Reason());
        var command = new CtlCommand(name, summary, examples, details, CtlCommand.OfOne) { serial, reason };
        command.SetAction((parsed, cancellation) => session.AskAboutAsync(
            parsed,
            parsed.GetRequiredValue(serial),
            (client, machine) => client.ChangeMachineAsync(machine, new MachineChangeRequest { Enabled = enabled, Reason = parsed.GetValue(reason) }, cancellation),
            machine => session.Show(parsed, machine, ApiJsonContext.Default.Machine, () => session.WriteLine($"{machine.Serial} {done}"), it => it.Serial),
            cancellation));
        return command;
    }
}
