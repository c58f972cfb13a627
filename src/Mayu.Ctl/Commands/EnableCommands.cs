using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Selection;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl enable</c> and <c>disable</c>: whether a machine is served anything.</summary>
internal static class EnableCommands
{
    /// <summary>Makes the commands.</summary>
    public static IEnumerable<Command> Create(CtlSession session) =>
    [
        Create(session, "enable", true, "Serve a machine again", "Serve a machine, or all that are selected, again.", "is enabled"),
        Create(
            session, "disable", false, "Stop serving a machine", "Stop serving a machine, or all that are selected: it boots nothing from the network, and gets no config. A system that runs on it is not touched.",
            "is disabled: it boots nothing from the network"),
    ];

    private static CtlCommand Create(CtlSession session, string name, bool enabled, string summary, string details, string done)
    {
        var examples = $"""
            mayuctl {name} vm-001
            mayuctl {name} vm-001 --reason "{(enabled ? "new fan" : "broken fan")}"
            mayuctl {name} --tag rack=7 --yes
            """;
        var (serial, yes, reason) = (CommonOptions.SerialOrNone(), CommonOptions.Yes(), CommonOptions.Reason());
        var shared = new SharedChange(session, yes, reason);
        var command = new CtlCommand(name, summary, examples, details, CtlCommand.OfOne) { serial, yes, reason };
        shared.AddTo(command, serial);
        command.SetAction((parsed, cancellation) => parsed.GetValue(serial) is { } machine && !shared.IsMeant(parsed)
            ? session.AskAboutAsync(
                parsed,
                machine,
                (client, found) => client.ChangeMachineAsync(found, new MachineChangeRequest { Enabled = enabled, Reason = parsed.GetValue(reason) }, cancellation),
                changed => session.Show(parsed, changed, ApiJsonContext.Default.Machine, () => session.WriteLine($"{changed.Serial} {done}"), it => it.Serial),
                cancellation)
            : shared.RunAsync(parsed, parsed.GetValue(serial), new MachineChangesRequest { Change = new MachineChangeRequest { Enabled = enabled } }, summary, cancellation));
        return command;
    }
}
