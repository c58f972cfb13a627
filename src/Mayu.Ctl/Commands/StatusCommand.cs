using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl status</c>: everything about one machine.</summary>
internal sealed class StatusCommand(CtlSession session)
{
    private readonly Argument<string> _serial = CommonOptions.Serial();
    private readonly Option<string?> _at =
        PointInTime.Option("--at", $"Its record at a former moment: {PointInTime.Form}", session.Console.Time);

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl status vm-001
            mayuctl status vm-001 -o yaml
            mayuctl status vm-001 --at 2d
            mayuctl status vm-001 -o json | jq .problem.reason
            """;
        var status = new StatusCommand(session);
        var command = new CtlCommand("status", "Show everything about one machine", Examples, "Show a machine's record, its problem and the hops of its last boots.", formats: CtlCommand.OfOne) { status._serial, status._at };
        command.SetAction(status.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => session.AskAboutAsync(
        parsed,
        parsed.GetRequiredValue(_serial),
        (client, serial) => AskAsync(client, serial, parsed.GetValue(_at), cancellation),
        answer => session.Show(parsed, () => NodeOf(answer), () => new StatusPrinter(session.Console).Print(answer.Machine, answer.Trace), () => [answer.Machine.Serial]),
        cancellation);

    private static async Task<ApiResult<Answer>> AskAsync(MayuClient client, string serial, string? at, CancellationToken cancellation)
    {
        if (at is not null)
        {
            // A record has a history; a boot trace has none.
            return (await client.GetMachineAtAsync(serial, at, cancellation)).Select(earlier => new Answer(earlier, null));
        }

        var machine = await client.GetMachineAsync(serial, cancellation);
        return await machine.ThenAsync(async found =>
            (await client.GetTraceAsync(serial, cancellation)).Select(trace => new Answer(found, trace.Items)));
    }

    private static JsonObject NodeOf(Answer answer)
    {
        var node = JsonSerializer.SerializeToNode(answer.Machine, ApiJsonContext.Default.Machine)!.AsObject();
        if (answer.Trace is { } trace)
        {
            node["trace"] = new JsonArray([.. trace.Select(hop => JsonSerializer.SerializeToNode(hop, ApiJsonContext.Default.Hop))]);
        }

        return node;
    }

    private sealed record Answer(Machine Machine, IReadOnlyList<Hop>? Trace);
}
