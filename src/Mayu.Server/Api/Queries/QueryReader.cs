using System.Globalization;
using System.Text.Json.Nodes;
using Mayu.Client.Text;
using Mayu.Core.Machines;
using Mayu.Core.Selection;
using Mayu.Primitives;
using Mayu.Server.Http;

namespace Mayu.Server.Api.Queries;

/// <summary>Reads a request's query strictly: what is misspelt or given twice is refused, not ignored.</summary>
/// <param name="query">The query.</param>
/// <param name="described">Takes a description of each parameter that is read; null: nobody wants one.</param>
internal sealed class QueryReader(IQueryCollection query, ICollection<RequestParameter>? described = null)
{
    private const int MaxText = 300;

    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private string? _problem;

    /// <summary>A text; null when it was not given.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="maxLength">The most characters.</param>
    /// <param name="about">What it says, and an example, for the description of the API.</param>
    public string? Text(string name, int maxLength = MaxText, (string Text, string Example) about = default)
    {
        Describe(name, about, () => new() { ["type"] = "string", ["maxLength"] = maxLength });
        return Read(name, maxLength);
    }

    /// <summary>True or false; false when it was not given.</summary>
    public bool Flag(string name, string about = "")
    {
        Describe(name, (about, "true"), static () => new() { ["type"] = "boolean", ["default"] = false });
        return Read(name, false, text => (text == "true", text is "true" or "false" ? null : $"{name} must be true or false."));
    }

    /// <summary>A number.</summary>
    public int Number(string name, int least, int most, int otherwise, string about = "")
    {
        Describe(name, (about, "100"), () => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most, ["default"] = otherwise });
        return Read(name, otherwise, text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? (number, null)
                : (otherwise, $"{name} must be a number from {least} to {most}."));
    }

    /// <summary>A time; null when it was not given.</summary>
    public DateTimeOffset? Time(string name, string about = "")
    {
        Describe(name, (about, "2026-01-02T03:04:05Z"), static () => new() { ["type"] = "string", ["format"] = "date-time" });
        return Read<DateTimeOffset?>(
            name, null, text => MomentText.TryParseTime(text, out var time) ? (time, null) : (null, $"{name} must be {HistoryPointText.TimeForm}."));
    }

    /// <summary>A change or a time; null when it was not given.</summary>
    public HistoryPoint? Point(string name, string about = "") => Parsed<HistoryPoint?>(
        name, null, text => HistoryPointText.Parse(text) is { } point ? (point, null) : (null, $"{name} must be {HistoryPointText.Form}."), about: (about, "2026-01-02T03:04:05Z"));

    /// <summary>A serial; null when it was not given.</summary>
    public Serial? Serial(string name, string about = "") => Parsed<Serial?>(
        name, null, text => Primitives.Serial.TryParse(text, out var serial, out var refusal) ? (serial, null) : (null, $"The serial is not valid: {refusal}."), about: (about, "vm-001"));

    /// <summary>Which machines are meant (<c>selector</c>); every machine when it was not given.</summary>
    public Selector Selector() => Parsed(
        "selector", Core.Selection.Selector.Everything,
        text => Core.Selection.Selector.TryParse(text, out var read, out var problem) ? (read, null) : (Core.Selection.Selector.Everything, $"selector: {problem}"),
        Core.Selection.Selector.MaxLength,
        ("Which machines: terms with commas between, all of which must hold.", "state=running,rack=7"));

    /// <summary>After all was read: what is wrong with it; null when it can be used.</summary>
    public string? Problem =>
        _problem ?? (query.Keys.All(_known.Contains) ? null : $"A parameter is unknown. The parameters are: {string.Join(", ", _known)}.");

    /// <summary>What a text says; <paramref name="otherwise"/> when it was not given, or says nothing that can be used.</summary>
    public T Parsed<T>(string name, T otherwise, Func<string, (T Value, string? Problem)> parse, int maxLength = MaxText, (string Text, string Example) about = default)
    {
        Describe(name, about, () => new() { ["type"] = "string", ["maxLength"] = maxLength });
        return Read(name, otherwise, parse, maxLength);
    }

    /// <summary>Notes what is wrong, unless something was before.</summary>
    public string? Refuse(string problem)
    {
        _problem ??= problem;
        return null;
    }

    private string? Read(string name, int maxLength)
    {
        _known.Add(name);
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        if (values is not [{ Length: > 0 } text])
        {
            return Refuse($"{name} must be given once and not be empty.");
        }

        return text.Length <= maxLength ? text : Refuse($"{name} has {text.Length} characters; at most {maxLength} are allowed.");
    }

    private T Read<T>(string name, T otherwise, Func<string, (T Value, string? Problem)> parse, int maxLength = MaxText)
    {
        if (Read(name, maxLength) is not { } text)
        {
            return otherwise;
        }

        var (value, problem) = parse(text);
        _problem ??= problem;
        return value;
    }

    private void Describe(string name, (string? Text, string? Example) about, Func<JsonObject> schema) =>
        described?.Add(new(RequestParameter.Query, name, about.Text ?? "", about.Example ?? "", schema()));
}
