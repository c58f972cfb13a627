using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;
using Mayu.Primitives;
using Spectre.Console;

namespace Mayu.Ctl.Commands.Doctor;

/// <summary><c>mayuctl doctor</c>: what keeps machines, or this client, from what they need, and what to do.</summary>
internal sealed class DoctorCommand(CtlSession session)
{
    // A server that answers later is slow, and that is worth knowing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl doctor
            mayuctl doctor -o json
            mayuctl doctor -o json | jq -r '.[] | select(.status == "error").what'
            """;
        const string Details = "Check what machines need of the server and its host, and whether this client reaches it: ports, interfaces, other DHCP servers, boot loaders, images, templates, "
            + "certificates, clocks, the store, the engine and the kernel's neighbour table. Each finding says what to do. It changes nothing and takes at most 10 seconds. To see other DHCP "
            + "servers, the server may send one DHCPDISCOVER. If the server does not answer, doctor says why, and on the server's own host also which program has its ports. "
            + "The exit code is 0 if there are only warnings, and 1 if there is an error.";
        var command = new CtlCommand("doctor", "Check the server, its host and the way to it", Examples, Details);
        command.SetAction(new DoctorCommand(session).RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        // The worst first; those alike as they were looked at.
        var findings = (await LookAsync(parsed, cancellation)).OrderBy(finding => Rank(finding.Status)).ToList();
        session.Show(parsed, findings, ApiJsonContext.Default.DoctorFinding, () => Print(parsed, findings));
        return findings.Exists(finding => finding.Status == DoctorFinding.Error) ? ExitCode.Failed : ExitCode.Ok;
    }

    private async Task<IReadOnlyList<DoctorFinding>> LookAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (session.ClientOptions(parsed, out var options) is { } problem)
        {
            return [new DoctorFinding { Id = "settings", Status = DoctorFinding.Error, What = problem }];
        }

        options = options with { Tries = 1, Timeout = session.Timeout(parsed) ?? Patience };
        var client = new ClientFindings(options, session.Console.Time);
        var findings = await client.LookAsync(cancellation);
        return client.IsReached ? findings : [.. findings, .. await new HostFindings(options, session.Console.Root).LookAsync(cancellation)];
    }

    private void Print(ParseResult parsed, IReadOnlyList<DoctorFinding> findings)
    {
        TablePrinter.Print(
            session.TableOf(parsed),
            ["status", "check", new("what") { Wraps = true }],
            [.. findings.Select(finding => new[] { new Cell(finding.Status, ColorOf(finding.Status)), new Cell(finding.Id), new Cell(finding.Remedy is { } remedy ? $"{finding.What.TrimEnd('.')}. {remedy}" : finding.What) })]);
        int Count(string status) => findings.Count(finding => finding.Status == status);
        session.WriteLine($"{Counted.Of(Count(DoctorFinding.Error), "error")}, {Counted.Of(Count(DoctorFinding.Warning), "warning")}, {Count(DoctorFinding.Unknown)} unknown, {Count(DoctorFinding.Ok)} ok");
    }

    // A status of a newer server is worth a look.
    private static int Rank(string status) => DoctorFinding.Statuses.Index().FirstOrDefault(one => one.Item == status, (Index: 1, Item: "")).Index;

    private static Color? ColorOf(string status) => status switch
    {
        DoctorFinding.Error => StateColors.Problem,
        DoctorFinding.Warning or DoctorFinding.Unknown => StateColors.Note,
        _ => StateColors.Of(MachineStates.Running),
    };
}
