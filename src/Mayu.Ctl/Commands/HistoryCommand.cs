using System.CommandLine;
using Mayu.Client;
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

    private const int MaxValue = 60;

    private readonly Argument<string?> _serial = new("serial") { Description = "Only this machine's changes: its serial, its beginning, or a MAC", Arity = ArgumentArity.ZeroOrOne };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "The maximum number of changes",
        HelpName = "N",
        DefaultValueFactory = _ => DefaultLimit,
    };

    private readonly Option<DateTimeOffset?> _since;
    private readonly Option<DateTimeOffset?> _until;
    private readonly Option<string?> _who = new("--who") { Description = "Only changes by exactly this author: operator, 'machine vm-001'", HelpName = "NAME" };
    private readonly Option<string?> _field = new("--field") { Description = "Only changes of this field of the record: State, Profile, InternalAddr …", HelpName = "NAME" };
    private readonly Option<string?> _before = new("--before") { Description = "Only changes older than this one: its cursor, or id, as in -o json", HelpName = "CHANGE" };
    private readonly Option<bool> _fields = new("--fields") { Description = "Show old and new value of each changed field, including secrets in overrides" };

    private readonly CtlSession _session;

    private HistoryCommand(CtlSession session)
    {
        _session = session;
        _since = PointInTime.TimeOption("--since", $"Only from this time on: {PointInTime.TimeForm}", session.Console.Time);
        _until = PointInTime.TimeOption("--until", "Only before this time", session.Console.Time);
        CommonOptions.Limit(_limit, MaxLimit);
    }

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl history
            mayuctl history vm-001 --limit 5
            mayuctl history vm-001 --fields
            mayuctl history --since 2h --who operator
            mayuctl history --field State --since 2026-01-02T00:00:00Z --until 1h
            mayuctl history -o json | jq -r '.[] | "\(.at) \(.who) \(.what)"'
            """;
        var history = new HistoryCommand(session);
        var command = new CtlCommand("history", "Show the latest changes, newest first", Examples, formats: CtlCommand.OfRows)
        {
            history._serial, history._since, history._until, history._who, history._field, history._before, history._fields, history._limit,
        };
        command.SetAction(history.RunAsync);
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var request = new HistoryRequest
        {
            Serial = parsed.GetValue(_serial),
            Since = parsed.GetValue(_since),
            Until = parsed.GetValue(_until),
            Who = parsed.GetValue(_who),
            Field = parsed.GetValue(_field),
            Before = parsed.GetValue(_before),
            Fields = parsed.GetValue(_fields),
            Limit = parsed.GetValue(_limit),
        };
        return _session.AskAsync(
            parsed,
            client => AskAsync(client, request, cancellation),
            changes => _session.Show(parsed, changes, ApiJsonContext.Default.Change, () => Print(parsed, request, changes)),
            cancellation);
    }

    // A machine that was deleted has a history too: the name is looked up only where nothing was found by it.
    private static async Task<ApiResult<IReadOnlyList<Change>>> AskAsync(MayuClient client, HistoryRequest request, CancellationToken cancellation)
    {
        var changes = await client.GetHistoryAsync(request, cancellation);
        if (request.Serial is not { } name || changes.Value is not { Count: 0 })
        {
            return changes;
        }

        var found = await client.FindMachineAsync(name, cancellation);
        return found.Value is { } machine && machine.Serial != name ? await client.GetHistoryAsync(request with { Serial = machine.Serial }, cancellation)
            : found.Failure is { Kind: ApiFailureKind.Ambiguous } ? found.Select<IReadOnlyList<Change>>(_ => [])
            : changes;
    }

    private void Print(ParseResult parsed, HistoryRequest request, IReadOnlyList<Change> changes)
    {
        if (changes.Count == 0)
        {
            _session.Console.WriteError(request == new HistoryRequest { Limit = request.Limit } ? "There are no changes yet."
                : request is { Fields: true, Serial: { } serial } ? $"No change of the machine {serial} matches. --fields takes no value; for the changes of one field use --field NAME."
                : "No change matches.");
            return;
        }

        if (request.Fields)
        {
            TablePrinter.Print(_session.TableOf(parsed), ["at", "id", new("who") { DropOrder = 1 }, "serial", "field", "old", new("new") { Wraps = true }], [.. changes.SelectMany(FieldRows)]);
            return;
        }

        TablePrinter.Print(_session.TableOf(parsed), ["at", "id", new("who") { DropOrder = 1 }, "serial", new("what") { Wraps = true }, new("why") { IsBelow = true }], [.. changes.Select(Row)]);
    }

    private static IEnumerable<Cell[]> FieldRows(Change change) => (change.Fields ?? []).Select(field => (Cell[])
    [
        .. Row(change).Take(4),
        new(field.Name),
        new(Short(field.Old?.GetRawText())),
        new(Short(field.New?.GetRawText())),
    ]);

    // Facts are long; -o json has them whole.
    private static string? Short(string? json) => json is { Length: > MaxValue } ? json[..(MaxValue - 1)] + "…" : json;

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
