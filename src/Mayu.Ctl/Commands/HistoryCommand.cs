using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl history</c>: who changed what, when and why.</summary>
internal sealed class HistoryCommand
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 10_000;

    /// <summary>As many digits of a commit as git shows.</summary>
    private const int ShortId = 8;

    private readonly Argument<string?> _serial = new("serial") { Description = "Only this machine's changes", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "Most changes to show",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultLimit,
    };

    private readonly CtlSession _session;

    private HistoryCommand(CtlSession session)
    {
        _session = session;
        _limit.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, out var limit) || limit is < 1 or > MaxLimit))
            {
                result.AddError($"--limit '{text}' is not a number from 1 to {MaxLimit}.");
            }
        });
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl history
            mayuctl history vm-001 --limit 5
            mayuctl history -o json | jq -r '.[] | "\(.at) \(.who) \(.what)"'
            """;
        var history = new HistoryCommand(session);
        var command = new CtlCommand("history", "Show the latest changes, newest first.", Examples) { history._serial, history._limit };
        command.SetAction(history.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => _session.AskAsync(
        parsed,
        client => client.GetHistoryAsync(parsed.GetValue(_serial), parsed.GetValue(_limit), cancellation),
        changes => Show(parsed, changes),
        cancellation);

    private void Show(ParseResult parsed, IReadOnlyList<Change> changes)
    {
        if (_session.Format(parsed) is not OutputFormat.Table and var format)
        {
            var nodes = changes.Select(change => JsonSerializer.SerializeToNode(change, ApiJsonContext.Default.Change));
            StructuredPrinter.Print(_session.Console, format, new JsonArray([.. nodes]));
            return;
        }

        if (changes.Count == 0)
        {
            _session.Console.Error.WriteLine("Nothing was changed yet.");
            return;
        }

        TablePrinter.Print(_session.Console, ["at", "id", "who", "serial", "what", "why"], [.. changes.Select(Row)]);
    }

    private static Cell[] Row(Change change) =>
    [
        new(TimeText.Exact(change.At)),
        new(change.Id.Length > ShortId ? change.Id[..ShortId] : change.Id),
        new(change.Who),
        new(change.Serial),
        new(change.What),
        new(change.Why),
    ];
}
