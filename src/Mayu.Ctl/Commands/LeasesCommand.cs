using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl leases</c>: who has an address of the DHCP pools.</summary>
internal static class LeasesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl leases
            mayuctl leases -o json | jq '.items[] | select(.state == "leased") | .mac'
            """;
        var command = new CtlCommand("leases", "List the leases of the DHCP pools", Examples, formats: CtlCommand.OfRows);
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.GetLeasesAsync(cancellation),
            leases => session.Show(parsed, leases, ApiJsonContext.Default.LeaseList, () => Print(session.TableOf(parsed), leases)),
            cancellation));
        return command;
    }

    private static void Print(CtlConsole console, LeaseList leases)
    {
        if (leases.Items.Count > 0)
        {
            TablePrinter.Print(console, ["address", "mac", "state", "until", "serial"], [.. leases.Items.Select(Row)]);
        }
        else
        {
            console.WriteError("No lease is known.");
        }

        if (leases.Unknown is { } unknown)
        {
            console.WriteError(unknown);
        }
    }

    private static Cell[] Row(Lease lease) =>
        [new(lease.Address), new(lease.Mac), new(lease.State), new(lease.Until is { } until ? TimeText.Exact(until) : ""), new(lease.Serial)];
}
