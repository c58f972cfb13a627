using System.CommandLine;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;
using Spectre.Console;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl addresses</c>: how full the pools are.</summary>
internal static class AddressesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl addresses
            mayuctl addresses -o json | jq '.pools[] | {name, free}'
            """;
        var command = new CtlCommand("addresses", "Show the address pools, and how many of their addresses are taken.", Examples);
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.GetAddressesAsync(cancellation),
            addresses => session.Show(parsed, addresses, ApiJsonContext.Default.AddressList, () => Print(session.Console, addresses)),
            cancellation));
        return command;
    }

    private static void Print(CtlConsole console, AddressList addresses)
    {
        TablePrinter.Print(
            console,
            ["pool", "start", "end", "size", "used", "reserved", "excluded", "occupied", "free"],
            [.. addresses.Pools.Select(Row)]);
        if (addresses.Occupied.Count > 0)
        {
            var strangers = addresses.Occupied.Select(occupied => occupied.Mac.Length > 0 ? $"{occupied.Address} ({occupied.Mac})" : occupied.Address);
            console.Error.WriteLine(PrintableText.Escape("Somebody unknown answers under: " + string.Join(", ", strangers)));
        }
    }

    private static Cell[] Row(AddressPool pool) =>
    [
        new(pool.Name),
        new(pool.Start),
        new(pool.End),
        new(pool.Size.ToString()),
        new(pool.Used.ToString()),
        new(pool.Reserved.ToString()),
        new(pool.Excluded.ToString()),
        new(pool.Occupied.ToString()),
        new(pool.Free.ToString(), pool.Free == 0 ? Color.Red : null),
    ];
}
