using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl pin</c>: a profile for a machine to come.</summary>
internal static class PinCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl pin vm-007 --profile core
            mayuctl pin mac:52:54:00:00:00:07 --profile storage --reason "big disks"
            """;
        var key = CommonOptions.PinKey();
        var profile = new Option<string>("--profile") { Description = "The profile that it will get", HelpName = "NAME", Required = true };
        var reason = CommonOptions.Reason();
        var command = new CtlCommand("pin", "Reserve a profile slot for a new machine", Examples, "Reserve a slot of a profile for a machine that has no record yet.") { key, profile, reason };
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.SetPinAsync(
                parsed.GetRequiredValue(key),
                new PinRequest { Profile = parsed.GetRequiredValue(profile), Reason = parsed.GetValue(reason) },
                cancellation),
            pin => session.Show(parsed, pin, ApiJsonContext.Default.Pin, () =>
            {
                session.WriteLine($"{pin.Key} gets profile {pin.Profile}{(pin.Address is { } address ? $" and address {address}" : "")} when it registers");
                if (pin.Warning is { } warning)
                {
                    session.Console.WriteError($"mayuctl: warning: {warning}");
                }
            }),
            cancellation));
        return command;
    }
}
