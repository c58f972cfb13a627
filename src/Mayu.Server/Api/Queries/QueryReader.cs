using System.Globalization;
using Mayu.Client;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Server.Api.Queries;

/// <summary>Reads a request's query strictly: what is misspelt or given twice is refused, not ignored.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    private const int MaxText = 300;

    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);
    private string? _problem;

    /// <summary>A text; null when it was not given.</summary>
    public string? Text(string name, int maxLength = MaxText)
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

    /// <summary>True or false; false when it was not given.</summary>
    public bool Flag(string name) => Parsed(name, false, text => (text == "true", text is "true" or "false" ? null : $"{name} must be true or false."));

    /// <summary>A number.</summary>
    public int Number(string name, int least, int most, int otherwise) => Parsed(name, otherwise, text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? (number, null)
            : (otherwise, $"{name} must be a number from {least} to {most}."));

    /// <summary>A time; null when it was not given.</summary>
    public DateTimeOffset? Time(string name) => Parsed<DateTimeOffset?>(
        name, null, text => MomentText.TryParseTime(text, out var time) ? (time, null) : (null, $"{name} must be {HistoryPointText.TimeForm}."));

    /// <summary>A change or a time; null when it was not given.</summary>
    public HistoryPoint? Point(string name) => Parsed<HistoryPoint?>(
        name, null, text => HistoryPointText.Parse(text) is { } point ? (point, null) : (null, $"{name} must be {HistoryPointText.Form}."));

    /// <summary>A serial; null when it was not given.</summary>
    public Serial? Serial(string name) => Parsed<Serial?>(
        name, null, text => Primitives.Serial.TryParse(text, out var serial, out var refusal) ? (serial, null) : (null, $"The serial is not valid: {refusal}."));

    /// <summary>After all was read: what is wrong with it; null when it can be used.</summary>
    public string? Problem =>
        _problem ?? (query.Keys.All(_known.Contains) ? null : $"A parameter is unknown. The parameters are: {string.Join(", ", _known)}.");

    /// <summary>What a text says; <paramref name="otherwise"/> when it was not given, or says nothing that can be used.</summary>
    public T Parsed<T>(string name, T otherwise, Func<string, (T Value, string? Problem)> parse, int maxLength = MaxText)
    {
        if (Text(name, maxLength) is not { } text)
        {
            return otherwise;
        }

        var (value, problem) = parse(text);
        _problem ??= problem;
        return value;
    }

    /// <summary>Notes what is wrong, unless something was before.</summary>
    public string? Refuse(string problem)
    {
        _problem ??= problem;
        return null;
    }
}
