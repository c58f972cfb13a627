using System.CommandLine;
using System.CommandLine.Parsing;
using Mayu.Client.Text;

namespace Mayu.Ctl.CommandLine;

/// <summary>How the command line names times and moments of the history.</summary>
internal static class PointInTime
{
    /// <summary>What a time looks like, for help.</summary>
    public const string TimeForm = "2026-01-02T15:04:05Z (RFC 3339), or how long ago: 30m, 2h, 7d";

    /// <summary>What a moment looks like, for help.</summary>
    public const string Form = "a change's id from 'mayuctl history', or a time: " + TimeForm;

    // Shorter than any change's id, so that the two cannot be taken for each other.
    private const int MaxAgo = 6;

    /// <summary>An option that takes a time.</summary>
    public static Option<DateTimeOffset?> TimeOption(string name, string description, TimeProvider clock) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (result.Tokens is [{ Value: var text }] && TryParseTime(text, clock.GetUtcNow(), out var time))
            {
                return time;
            }

            result.AddError($"{name} '{Text(result)}' is not a time; expected: {TimeForm}.");
            return null;
        },
    };

    /// <summary>An option that takes a change's id or a time, and gives it as the API takes it.</summary>
    public static Option<string?> Option(string name, string description, TimeProvider clock, bool isRequired = false) => new(name)
    {
        Description = description,
        Required = isRequired,
        HelpName = "CHANGE|TIME",
        CustomParser = result =>
        {
            var text = Text(result);
            if (TryParseTime(text, clock.GetUtcNow(), out var time))
            {
                return MomentText.Of(time);
            }

            if (MomentText.IsChangeId(text))
            {
                return text;
            }

            result.AddError($"{name} '{text}' is not valid; expected: {Form}.");
            return null;
        },
    };

    /// <summary>Reads a time, or how long ago it was.</summary>
    public static bool TryParseTime(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        if (MomentText.TryParseTime(text, out time))
        {
            return true;
        }

        TimeSpan? unit = text.Length is > 1 and <= MaxAgo
            ? text[^1] switch
            {
                's' => TimeSpan.FromSeconds(1),
                'm' => TimeSpan.FromMinutes(1),
                'h' => TimeSpan.FromHours(1),
                'd' => TimeSpan.FromDays(1),
                _ => null,
            }
            : null;
        if (unit is not { } one || text[..^1].Any(c => !char.IsAsciiDigit(c)))
        {
            return false;
        }

        time = now - (one * int.Parse(text[..^1]));
        return true;
    }

    private static string Text(ArgumentResult result) => result.Tokens is [{ Value: var text }] ? text : "";
}
