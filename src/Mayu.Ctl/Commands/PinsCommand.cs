using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl pins</c>: what is kept for machines to come.</summary>
internal static class PinsCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl pins
            mayuctl pins -o json | jq -r '.[].key'
            """;
        var command = new CtlCommand("pins", "List the pins and reserved addresses", Examples, "List the profiles and addresses reserved for machines that have no record yet.");
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.ListPinsAsync(cancellation),
            pins => session.Show(parsed, pins, ApiJsonContext.Default.Pin, () => Print(session.Console, pins)),
            cancellation));
        return command;
    }

    private static void Print(CtlConsole console, IReadOnlyList<Pin> pins)
    {
        if (pins.Count == 0)
        {
            console.WriteError("Nothing is pinned.");
            return;
        }

        TablePrinter.Print(console, ["key", "profile", "address"], [.. pins.Select(pin => new Cell[] { new(pin.Key), new(pin.Profile), new(pin.Address) })]);
    }
}
