using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl reserve</c>: an address for a machine to come.</summary>
internal static class ReserveCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl reserve vm-007 10.0.0.77
            mayuctl reserve mac:52:54:00:00:00:07 10.0.0.77
            """;
        var key = CommonOptions.PinKey();
        var address = new Argument<string>("address") { Description = "A free address of the internal pool" };
        var reason = CommonOptions.Reason();
        var command = new CtlCommand("reserve", "Reserve an address for a new machine", Examples, "Reserve an internal address for a machine that has no record yet.") { key, address, reason };
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.SetPinAsync(
                parsed.GetRequiredValue(key),
                new PinRequest { Address = parsed.GetRequiredValue(address), Reason = parsed.GetValue(reason) },
                cancellation),
            pin => session.Show(parsed, pin, ApiJsonContext.Default.Pin, () => session.WriteLine(
                $"{pin.Key} gets address {pin.Address}{(pin.Profile is { } profile ? $" and profile {profile}" : "")} when it registers")),
            cancellation));
        return command;
    }
}
