using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl unpin</c>: takes a pin away.</summary>
internal static class UnpinCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl unpin vm-007
            mayuctl unpin mac:52:54:00:00:00:07 --reason "it was sent back"
            """;
        var key = CommonOptions.PinKey();
        var reason = CommonOptions.Reason();
        var command = new CtlCommand("unpin", "Remove a pin or a reserved address", Examples, "Remove a pin. This frees its slot and its address.") { key, reason };
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.RemovePinAsync(parsed.GetRequiredValue(key), parsed.GetValue(reason), cancellation),
            pin => session.Show(parsed, pin, ApiJsonContext.Default.Pin, () => session.WriteLine($"{pin.Key} is no longer pinned")),
            cancellation));
        return command;
    }
}
