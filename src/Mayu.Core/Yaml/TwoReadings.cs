using System.Text.RegularExpressions;

namespace Mayu.Core.Yaml;

/// <summary>
/// What YAML 1.1 reads otherwise than YAML 1.2 (https://yaml.org/type/): <c>yes</c> and <c>no</c>, octal numbers by a leading zero, numbers
/// in base 60 or with underscores, times, and the key that merges.
/// </summary>
internal static partial class TwoReadings
{
    /// <summary>Why a plain scalar is refused; null where it is not.</summary>
    /// <param name="text">The scalar.</param>
    /// <param name="kind">What the core schema says that it is.</param>
    /// <param name="use">A document that goes on to YAML 1.1 may not have numbers either that are texts there, like <c>0o644</c>.</param>
    public static string? Of(string text, YamlKind kind, YamlUse use)
    {
        // All that is read in two ways begins so.
        if (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.' or '<' or '=' or 'y' or 'Y' or 'n' or 'N' or 'o' or 'O'))
        {
            return null;
        }

        if (OfKnownType(text) is { } other)
        {
            return other;
        }

        if (OldTime().IsMatch(text))
        {
            return "this is a time in YAML 1.1 and a string in YAML 1.2: write it in quotes";
        }

        var wasNumber = OldInteger().IsMatch(text) || OldFloat().IsMatch(text);
        var isNumber = kind is YamlKind.Whole or YamlKind.Real;
        return (wasNumber, isNumber) switch
        {
            (true, false) when text.Contains(':', StringComparison.Ordinal) =>
                "digits with colons between them are a number in base 60 in YAML 1.1 and a string in YAML 1.2: write it in quotes",
            (true, false) =>
                "this is a number in YAML 1.1 and a string in YAML 1.2: write the number in decimal without underscores, or in quotes if it is a string",
            (false, true) when use == YamlUse.Document =>
                "this is a number in YAML 1.2 and a string in YAML 1.1, which cloud-init reads: write the number in decimal, or in quotes if it is a string",
            _ => null,
        };
    }

    /// <summary>The same of a scalar whose type its key says: a word, or a number with a zero before it.</summary>
    public static string? OfKnownType(string text) => Word(text) ?? (LeadingZero().IsMatch(text)
        ? "a number that begins with 0 is octal in YAML 1.1 and decimal in YAML 1.2: write it without the zero if it is decimal, "
            + "with 0o before it if it is octal, or in quotes if it is a string"
        : null);

    private static string? Word(string text) => text switch
    {
        "<<" => "`<<` merges maps in YAML 1.1 and is a text in YAML 1.2: write the keys out, or \"<<\" in quotes if it is a string",
        "=" => "`=` is a special value in YAML 1.1 and a string in YAML 1.2: write \"=\" in quotes",
        "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => $"`{text}` is true in YAML 1.1 and a string in YAML 1.2: write true or \"{text}\"",
        "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => $"`{text}` is false in YAML 1.1 and a string in YAML 1.2: write false or \"{text}\"",
        _ => null,
    };

    [GeneratedRegex(@"\A[-+]?0[0-9_]+\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeadingZero();

    // https://yaml.org/type/int.html: base 2, 10, 16 and 60.
    [GeneratedRegex(@"\A[-+]?(0b[01_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OldInteger();

    // https://yaml.org/type/float.html, with one point as its readers have it: an exponent needs a point and a sign.
    [GeneratedRegex(
        @"\A([-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)([eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OldFloat();

    // https://yaml.org/type/timestamp.html
    [GeneratedRegex(
        @"\A[0-9]{4}-([0-9]{2}-[0-9]{2}|[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?)\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OldTime();
}
