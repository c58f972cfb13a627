using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mayu.Core.Machines;

namespace Mayu.Server.Api;

/// <summary>How requests name a moment of the history.</summary>
internal static class Moments
{
    /// <summary>What a time looks like.</summary>
    public const string TimeForm = "a time (RFC 3339, like 2026-01-02T03:04:05Z)";

    /// <summary>What a moment looks like.</summary>
    public const string Form = "a change's id, whole or its first 7 characters or more, or " + TimeForm;

    private const int MinId = 7;
    private const int MaxId = 64;

    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>Reads a time.</summary>
    public static bool TryParseTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    /// <summary>Reads a change's id or a time.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HistoryPoint? point)
    {
        point = TryParseTime(text, out var time) ? HistoryPoint.Time(time)
            : text.Length is >= MinId and <= MaxId && text.All(char.IsAsciiHexDigit) ? HistoryPoint.After(text)
            : null;
        return point is not null;
    }
}
