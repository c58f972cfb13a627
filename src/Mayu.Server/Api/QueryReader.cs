using System.Globalization;
using Mayu.Client;
using Mayu.Core.Machines;
using Mayu.Primitives;

namespace Mayu.Server.Api;

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
            return Refuse($"{name} must be given once, and not be empty.");
        }

        return text.Length <= maxLength ? text : Refuse($"{name} has {text.Length} characters; {maxLength} are allowed.");
    }

    /// <summary>True or false; false when it was not given.</summary>
    public bool Flag(string name)
    {
        var text = Text(name);
        if (text is not (null or "true" or "false"))
        {
            Refuse($"{name} must be true or false.");
        }

        return text == "true";
    }

    /// <summary>A number.</summary>
    public int Number(string name, int least, int most, int otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
        {
            Refuse($"{name} must be a number from {least} to {most}.");
        }

        return number;
    }

    /// <summary>A time; null when it was not given.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (!MomentText.TryParseTime(text, out var time))
        {
            Refuse($"{name} must be {Moments.TimeForm}.");
        }

        return time;
    }

    /// <summary>A change or a time; null when it was not given.</summary>
    public HistoryPoint? Moment(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (!Moments.TryParse(text, out var point))
        {
            Refuse($"{name} must be {Moments.Form}.");
        }

        return point;
    }

    /// <summary>A serial; null when it was not given.</summary>
    public Serial? Serial(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (!Primitives.Serial.TryParse(text, out var serial, out var refusal))
        {
            Refuse($"The serial cannot be used: {refusal}.");
        }

        return serial;
    }

    /// <summary>After all was read: whether it can be used, or an answered 400.</summary>
    public async Task<bool> AcceptAsync(HttpContext context)
    {
        if (query.Keys.FirstOrDefault(key => !_known.Contains(key)) is not null)
        {
            Refuse(_known.Count == 0 ? "This request takes no parameters." : $"A parameter is not known. There are: {string.Join(", ", _known)}.");
        }

        if (_problem is null)
        {
            return true;
        }

        await Problems.WriteAsync(context, new Refusal(RefusalReason.Invalid, _problem));
        return false;
    }

    private string? Refuse(string problem)
    {
        _problem ??= problem;
        return null;
    }
}
