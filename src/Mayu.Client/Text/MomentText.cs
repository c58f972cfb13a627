using System.Globalization;

namespace Mayu.Client.Text;

/// <summary>How the API names a moment of the history: a change's id, or a time. Both ends read and write it here.</summary>
public static class MomentText
{
    private const int MinId = 7;
    private const int MaxId = 64;
    private const string Utc = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private static readonly string[] Forms = [Utc, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>Reads a time, RFC 3339.</summary>
    public static bool TryParseTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    /// <summary>Whether a text can be a change's id: 7 to 64 hexadecimal digits, the whole of it or its beginning.</summary>
    public static bool IsChangeId(string text) => text.Length is >= MinId and <= MaxId && text.All(char.IsAsciiHexDigit);

    /// <summary>A time in UTC, RFC 3339, exact.</summary>
    public static string Of(DateTimeOffset time) => time.ToUniversalTime().ToString(Utc, CultureInfo.InvariantCulture);
}
