using System.CommandLine;
using System.Text.Json.Nodes;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl version</c>: this program's version, and the server's when it answers.</summary>
internal sealed class VersionCommand(CtlSession session)
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl version
            mayuctl version -o json
            """;
        var command = new CtlCommand("version", "Show the versions of client and server", Examples, "Show this program's version, and the server's if it answers.");
        command.SetAction(new VersionCommand(session).RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string? server = null;
        // The client's version is an answer too: a server that is not reached is told on stderr and is no failure here.
        _ = await session.AskAsync(parsed, client => client.GetVersionAsync(cancellation), version => server = version.Version, cancellation, isOnce: true);
        session.Show(
            parsed,
            () => new JsonObject { ["client"] = ProgramVersion.Text, ["server"] = server },
            () => TablePrinter.Print(session.Console, ["", ""], [[new Cell("client"), new Cell(ProgramVersion.Text)], [new Cell("server"), new Cell(server)]], hasHeaders: false));
        return ExitCode.Ok;
    }
}
