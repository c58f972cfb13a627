using System.CommandLine;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands.Webhooks;

/// <summary><c>mayuctl webhook</c>: whether receivers get their messages, and those that they did not get.</summary>
internal sealed class WebhookCommand(CtlSession session)
{
    private readonly Argument<string> _name = new("webhook") { Description = "The webhook's name in the configuration" };

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl webhook list
            mayuctl webhook dead-letters chat
            mayuctl webhook retry chat
            """;
        var webhook = new WebhookCommand(session);
        return new CtlCommand("webhook", "List webhooks, and send dead letters again", Examples, "See whether the receivers of webhooks get their messages, and send again what they did not get.")
        {
            webhook.List(),
            webhook.DeadLetters(),
            webhook.Retry(),
        };
    }

    private CtlCommand List()
    {
        const string Examples = """
            mayuctl webhook list
            mayuctl webhook list -o wide
            mayuctl webhook list -o json
            """;
        const string Details = "List the webhooks with what became of their messages since the server started. Only scheme, host and port of a receiver are shown.";
        var command = new CtlCommand("list", "List the webhooks", Examples, Details, CtlCommand.OfNames);
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.Webhooks.ListAsync(cancellation),
            hooks => session.Show(parsed, hooks, ApiJsonContext.Default.Webhook, () => Print(parsed, hooks), hook => hook.Name),
            cancellation));
        return command;
    }

    private CtlCommand DeadLetters()
    {
        const string Examples = """
            mayuctl webhook dead-letters chat
            mayuctl webhook dead-letters chat -o name
            mayuctl webhook dead-letters chat -o json
            """;
        const string Details = "List the messages of a webhook that were given up after the last attempt, oldest first. They survive a restart; the server keeps the newest 1,000.";
        var command = new CtlCommand("dead-letters", "List the messages that were given up", Examples, Details, CtlCommand.OfNames) { _name };
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.Webhooks.ListDeadLettersAsync(parsed.GetRequiredValue(_name), cancellation),
            letters => session.Show(parsed, letters, ApiJsonContext.Default.DeadLetter, () => Print(parsed, letters), letter => letter.Id),
            cancellation));
        return command;
    }

    private CtlCommand Retry()
    {
        const string Examples = """
            mayuctl webhook retry chat
            mayuctl webhook retry chat msg_0123456789abcdef0123456789abcdef
            """;
        var ids = new Argument<string[]>("id") { Description = "Ids of dead letters [default: all]", Arity = ArgumentArity.ZeroOrMore };
        var command = new CtlCommand("retry", "Send dead letters again", Examples, "Send dead letters again, each as often as a new message, with the same id.") { _name, ids };
        command.SetAction((parsed, cancellation) => session.AskAsync(
            parsed,
            client => client.Webhooks.RetryAsync(parsed.GetRequiredValue(_name), parsed.GetValue(ids) is { Length: > 0 } named ? named : null, cancellation),
            result => session.Show(parsed, result, ApiJsonContext.Default.WebhookRetryResult, () => session.WriteLine(result.Retried switch
            {
                0 => $"{parsed.GetRequiredValue(_name)} has no dead letters",
                1 => "1 message is sent again",
                var count => $"{count} messages are sent again",
            })),
            cancellation));
        return command;
    }

    private void Print(ParseResult parsed, IReadOnlyList<Webhook> hooks)
    {
        if (hooks.Count == 0)
        {
            session.Console.WriteError("The configuration has no webhooks.");
            return;
        }

        var times = new TimeText(session.Console.IsTerminal, session.Console.Time.GetUtcNow());
        TablePrinter.Print(
            session.TableOf(parsed),
            ["name", "receiver", "pending", "delivered", "dead", new("last delivered") { DropOrder = 1 }, new("last error") { IsBelow = true }],
            [.. hooks.Select(hook => new Cell[]
            {
                new(hook.Name), new(hook.Receiver), new(Number(hook.Pending)), new(Number(hook.Delivered)), new(Number(hook.DeadLetters)), new(times.Format(hook.LastDelivered)),
                new(hook.LastFailed > (hook.LastDelivered ?? default) ? hook.LastError : null, StateColors.Problem),
            })]);
    }

    private void Print(ParseResult parsed, IReadOnlyList<DeadLetter> letters)
    {
        if (letters.Count == 0)
        {
            session.Console.WriteError("There are no dead letters.");
            return;
        }

        var times = new TimeText(session.Console.IsTerminal, session.Console.Time.GetUtcNow());
        TablePrinter.Print(
            session.TableOf(parsed),
            ["id", "type", "serial", "at", new("attempts") { DropOrder = 1 }, new("error") { IsBelow = true }],
            [.. letters.Select(letter => new Cell[] { new(letter.Id), new(letter.Type), new(letter.Serial), new(times.Format(letter.At)), new(Number(letter.Attempts)), new(letter.Error, StateColors.Problem) })]);
    }

    private static string Number(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
