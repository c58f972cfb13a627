using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;
using Spectre.Console;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl addresses</c>: how full the pools are, and which addresses others use.</summary>
internal static class AddressesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl addresses
            mayuctl addresses -o json | jq '.pools[] | {name, free}'
            mayuctl addresses -o json | jq '.occupied[] | {address, mac, until}'
            """;
        var command = new CtlCommand("addresses", "Show the address pools and their use", Examples, "Show the address pools, how many addresses are in use, and which ones unknown devices use.", formats: CtlCommand.OfRows);
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.GetAddressesAsync(cancellation),
            addresses => session.Show(parsed, addresses, ApiJsonContext.Default.AddressList, () => Print(session.TableOf(parsed), addresses)),
            cancellation));
        return command;
    }

    private static void Print(CtlConsole console, AddressList addresses)
    {
        TablePrinter.Print(
            console,
            ["pool", "start", "end", new("size") { DropOrder = 1 }, "used", new("reserved") { DropOrder = 3 }, new("excluded") { DropOrder = 2 }, "occupied", "free"],
            [.. addresses.Pools.Select(Row)]);
        if (addresses.Occupied.Count > 0)
        {
            var times = new TimeText(console.IsTerminal, console.Time.GetUtcNow());
            console.Out.WriteLine();
            TablePrinter.Print(console, ["occupied", "mac", "how", new("since") { DropOrder = 1 }, "until"], [.. addresses.Occupied.Select(occupied => Row(occupied, times))]);
        }
    }

    private static Cell[] Row(OccupiedAddress occupied, TimeText times) =>
    [
        new(occupied.Address),
        new(occupied.Mac),
        new(occupied.How),
        new((occupied.Since == default ? null : times.Format(occupied.Since)) ?? ""),
        new(occupied.Until == default ? "" : TimeText.Exact(occupied.Until)),
    ];

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
