using System.CommandLine;
using Mayu.Client;
using Mayu.Ctl.CommandLine;

namespace Mayu.Ctl.Commands.Events;

/// <summary><c>mayuctl events</c>: what happens to machines, as it happens.</summary>
internal sealed class EventsCommand(CtlSession session)
{
    private readonly Option<string?> _of = new("--of") { Description = "Only of this machine: its serial, its beginning, or a MAC", HelpName = "MACHINE" };

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl events
            mayuctl events --of vm-001
            mayuctl events -o json | jq -r 'select(.kind == "state").serial'
            """;
        const string Details = "Print what happens to machines as it happens: hops of boots, new states, machines that are stuck. Ctrl-C ends it, with exit code 0. With -o json there is one event per line.";
        var events = new EventsCommand(session);
        var command = new CtlCommand("events", "Print what happens, until Ctrl-C", Examples, Details, ["table", "wide", "json"]) { events._of };
        command.SetAction(events.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) =>
        session.FollowAsync(parsed, client => FollowAsync(parsed, client, cancellation), cancellation);

    private async Task<int> FollowAsync(ParseResult parsed, MayuClient client, CancellationToken cancellation)
    {
        var (of, unclear) = await EventFollower.NameAsync(client, parsed.GetValue(_of), cancellation);
        if (unclear is not null)
        {
            return session.Fail(parsed, unclear);
        }

        if (!(await client.WatchAsync(of, null, cancellation)).TryGet(out var reader, out var failure))
        {
            return session.Fail(parsed, failure);
        }

        return await new EventFollower(session).FollowAsync(parsed, client, of, reader, _ => true, cancellation);
    }
}
