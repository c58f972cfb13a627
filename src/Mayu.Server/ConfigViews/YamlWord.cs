using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mayu.Server.ConfigViews;

/// <summary>A text as a YAML scalar that every reader, of YAML 1.1 or 1.2, takes for that text.</summary>
internal static partial class YamlWord
{
    /// <summary>Plain where that is safe, else in double quotes.</summary>
    public static string Of(string text) => Plain().IsMatch(text) && !Reserved().IsMatch(text) ? text : Quoted(text);

    /// <summary>In double quotes. JSON's escapes are YAML's too.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    // It begins with a letter or a slash and holds nothing that YAML reads as a sign.
    [GeneratedRegex(@"\A[A-Za-z/][A-Za-z0-9_./=-]*(?: [A-Za-z0-9_./=-]+)*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();

    // Words that are a boolean or null to either generation.
    [GeneratedRegex(@"\A(?:y|n|yes|no|on|off|true|false|null)\z", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reserved();
}
