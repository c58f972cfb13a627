using System.CommandLine;
using System.Text.Json;
using Mayu.Client;
using Mayu.Client.Contracts;
using Mayu.Ctl.CommandLine;
using Mayu.Ctl.Output;

namespace Mayu.Ctl.Commands;

/// <summary><c>mayuctl diff</c>: what of a machine's record differs between two moments.</summary>
internal sealed class DiffCommand(CtlSession session)
{
    private const int MaxValue = 60;

    /// <summary>What the server sees at the moment, and no record of a former one has.</summary>
    private static readonly string[] OfTheMoment = ["hasRecord", "lastSeen", "lastBoot", "hop", "problem", "stall"];

    private readonly Argument<string> _serial = CommonOptions.Serial();
    private readonly Option<string?> _from = PointInTime.Option("--from", $"The earlier moment, right after a change: {PointInTime.Form}", session.Console.Time, isRequired: true);
    private readonly Option<string?> _to = PointInTime.Option("--to", "The later moment [default: now]", session.Console.Time);

    /// <summary>Makes the command.</summary>
    public static Command Create(CtlSession session)
    {
        const string Examples = """
            mayuctl diff vm-001 --from 2d
            mayuctl diff vm-001 --from 75cc184 --to 91ad03e
            mayuctl diff vm-001 --from 2026-01-02T15:04:05Z -o json
            """;
        const string Details = "Show which fields of a machine's record differ between two moments, also secrets in overrides. 'mayuctl history SERIAL' lists the changes in between.";
        var diff = new DiffCommand(session);
        var command = new CtlCommand("diff", "Compare a machine with an earlier moment", Examples, Details, CtlCommand.OfRows) { diff._serial, diff._from, diff._to };
        command.SetAction(diff.RunAsync);
        return command;
    }

    /// <summary>The fields that differ; of a map each entry is a field of its own, a list is one as a whole.</summary>
    internal static IReadOnlyList<FieldChange> Compare(Machine before, Machine after)
    {
        var (old, now) = (FieldsOf(before), FieldsOf(after));
        return
        [
            .. from name in old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
               let values = (Old: Find(old, name), New: Find(now, name))
               where values.Old?.GetRawText() != values.New?.GetRawText()
               select new FieldChange { Name = name, Old = values.Old, New = values.New },
        ];
    }

    private Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation) => session.AskAboutAsync(
        parsed,
        parsed.GetRequiredValue(_serial),
        (client, serial) => AskAsync(client, serial, parsed.GetRequiredValue(_from)!, parsed.GetValue(_to), cancellation),
        changes => session.Show(parsed, changes, ApiJsonContext.Default.FieldChange, () => Print(parsed, changes)),
        cancellation);

    private static async Task<ApiResult<IReadOnlyList<FieldChange>>> AskAsync(MayuClient client, string serial, string from, string? to, CancellationToken cancellation)
    {
        var before = await client.GetMachineAtAsync(serial, from, cancellation);
        return await before.ThenAsync(async old =>
            (to is null ? await client.GetMachineAsync(serial, cancellation) : await client.GetMachineAtAsync(serial, to, cancellation)).Select(now => Compare(old, now)));
    }

    private void Print(ParseResult parsed, IReadOnlyList<FieldChange> changes)
    {
        if (changes.Count == 0)
        {
            session.Console.WriteError("Nothing differs.");
            return;
        }

        TablePrinter.Print(
            session.TableOf(parsed),
            ["field", "old", new("new") { Wraps = true }],
            [.. changes.Select(change => new Cell[] { new(change.Name), new(Short(change.Old)), new(Short(change.New)) })]);
    }

    private static Dictionary<string, JsonElement> FieldsOf(Machine machine)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in JsonSerializer.SerializeToElement(machine, ApiJsonContext.Default.Machine).EnumerateObject().Where(member => !OfTheMoment.Contains(member.Name)))
        {
            Add(member.Name, member.Value);
        }

        return fields;

        void Add(string name, JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Object)
            {
                fields[name] = value;
                return;
            }

            foreach (var member in value.EnumerateObject())
            {
                Add($"{name}.{member.Name}", member.Value);
            }
        }
    }

    private static JsonElement? Find(Dictionary<string, JsonElement> fields, string name) => fields.TryGetValue(name, out var value) ? value : null;

    // Facts are long; -o json has them whole.
    private static string? Short(JsonElement? value) => value?.GetRawText() is { } text ? text.Length > MaxValue ? text[..(MaxValue - 1)] + "…" : text : null;
}
