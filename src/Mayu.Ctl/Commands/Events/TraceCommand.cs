using System.CommandLine;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands.Events;

/// <summary><c>mayuctl trace</c>: what a machine did while it booted, and what it does now.</summary>
internal sealed class TraceCommand(CtlSession session)
{
    private readonly Argument<string?> _machine = new("machine")
    {
        Description = "Its serial, its beginning, or the MAC of any client that was seen [default: all clients without a record; with --follow all]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Keep printing new events until Ctrl-C; with -o json one event per line" };

    private TracePrinter Printer => new(session.Console);

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl trace
            mayuctl trace vm-001
            mayuctl trace 52:54:00:00:00:07 -o json
            mayuctl trace vm-001 --follow
            mayuctl trace --follow -o json | jq -r 'select(.kind == "stall").stall.reason'
            """;
        var trace = new TraceCommand(session);
        var command = new CtlCommand("trace", "Show each step of a machine's boots", Examples, "Show every hop of a machine's boots, and which expected hop is missing. Ctrl-C ends --follow, with exit code 0.", formats: CtlCommand.OfRows) { trace._machine, trace._follow };
        command.Follow = trace._follow;
        command.SetAction(trace.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var machine = parsed.GetValue(_machine);
        if (parsed.GetValue(_follow))
        {
            return session.FollowAsync(parsed, client => FollowAsync(parsed, client, machine, cancellation), cancellation);
        }

        return machine is null
            ? session.AskAsync(parsed, client => client.ListStrangersAsync(cancellation), strangers => Show(parsed, strangers), cancellation)
            : session.AskAboutAsync(parsed, machine, (client, name) => TraceOfAsync(client, name, cancellation), trace => Show(parsed, trace), cancellation);
    }

    // Of who has no record, only a MAC may be known: the server takes one in some forms.
    private static async Task<ApiResult<HopList>> TraceOfAsync(MayuClient client, string name, CancellationToken cancellation)
    {
        var trace = await client.GetTraceAsync(name, cancellation);
        return trace.Failure?.Kind == ApiFailureKind.NotFound && MachineName.TryParseMac(name, out var mac) && mac != name
            ? await client.GetTraceAsync(mac, cancellation)
            : trace;
    }

    private void Show(ParseResult parsed, IReadOnlyList<Stranger> strangers) =>
        session.Show(parsed, strangers, ApiJsonContext.Default.Stranger, () =>
        {
            if (strangers.Count == 0)
            {
                session.Console.WriteError("All clients seen in the boot network have a record: see 'mayuctl list'.");
                return;
            }

            var times = new TimeText(session.Console.IsTerminal, session.Console.Time.GetUtcNow());
            TablePrinter.Print(session.TableOf(parsed), ["mac", "serial", "hop", new("lastseen") { DropOrder = 1 }, new("problem") { IsBelow = true }], [.. strangers.Select(stranger => Row(stranger, times))]);
        });

    private static Cell[] Row(Stranger stranger, TimeText times) =>
    [
        new(string.Join(',', stranger.MacAddresses)),
        new(stranger.Serial),
        new(stranger.Hop?.Name),
        new(times.Format(stranger.LastSeen)),
        new(stranger.Problem?.Reason ?? stranger.Stall?.Reason ?? (stranger.Hop is { Name: HopNames.Silent or HopNames.Failed } hop ? hop.Detail : null), StateColors.Problem),
    ];

    private void Show(ParseResult parsed, HopList trace) => session.Show(parsed, trace, ApiJsonContext.Default.HopList, () =>
    {
        session.WriteLine($"{trace.Serial ?? "no serial yet"}, {(trace.State is { } state ? $"state {state}" : "no record")}, MAC {(trace.MacAddresses.Count > 0 ? string.Join(", ", trace.MacAddresses) : "unknown")}");
        if (trace.Items.Count == 0)
        {
            session.WriteLine("No boot was seen since the server started.");
            return;
        }

        new TracePrinter(session.TableOf(parsed)).Print(trace.Items);
        if (trace.Problem is { } problem)
        {
            session.WriteLine($"Problem at {problem.Hop}: {problem.Reason}");
        }

        if (trace.Stall is { } stall)
        {
            Printer.Print(stall);
        }
    });

    private async Task<int> FollowAsync(ParseResult parsed, MayuClient client, string? name, CancellationToken cancellation)
    {
        var (machine, unclear) = await EventFollower.NameAsync(client, name, cancellation);
        if (unclear is not null)
        {
            return session.Fail(parsed, unclear);
        }

        // Watched first and read then: what happens in between is seen twice rather than never.
        if (!(await client.WatchAsync(machine, null, cancellation)).TryGet(out var reader, out var failure))
        {
            return session.Fail(parsed, failure);
        }

        var shown = default(DateTimeOffset);
        if (machine is not null && (await client.GetTraceAsync(machine, cancellation)).Value is { } trace)
        {
            shown = trace.Items.Count > 0 ? trace.Items[^1].At : default;
            if (session.Format(parsed) is OutputFormat.Table or OutputFormat.Wide)
            {
                Show(parsed, trace);
            }
        }

        return await new EventFollower(session).FollowAsync(parsed, client, machine, reader, happened => happened.Hop is null || happened.At > shown, cancellation);
    }
}
