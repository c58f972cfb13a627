using System.Text.RegularExpressions;

namespace Mayu.Core.Yaml;

/// <summary>
/// The core schema (YAML 1.2 §10.3.2): which type a plain scalar has. A spelling that YAML 1.1 gave another meaning is no scalar of
/// either: it is refused, with the way to write what is meant.
/// </summary>
public static partial class CoreSchema
{
    /// <summary>The type of a scalar.</summary>
    /// <param name="scalar">The scalar.</param>
    /// <param name="path">The keys that lead to it, for the error.</param>
    /// <param name="use">What the document is for.</param>
    /// <exception cref="YamlFaultException">It can be read in two ways, is not what its tag says, or is a number that is none for its use.</exception>
    public static YamlKind KindOf(YamlScalar scalar, string path = "", YamlUse use = YamlUse.Values)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        if (scalar.Tag == YamlTag.Text)
        {
            return YamlKind.Text;
        }

        var kind = Plain(scalar.Text);
        if ((TwoReadings.Of(scalar.Text, kind, use) ?? NumberProblem(scalar.Text, kind, use)) is { } problem)
        {
            throw new YamlFaultException(problem, scalar.Line, scalar.Column, path);
        }

        return (scalar.Tag, kind) switch
        {
            (YamlTag.Plain, _) => kind,
            (YamlTag.Whole, YamlKind.Whole) or (YamlTag.Boolean, YamlKind.Boolean) or (YamlTag.Null, YamlKind.Null) => kind,
            (YamlTag.Real, YamlKind.Whole or YamlKind.Real) => YamlKind.Real,
            _ => throw new YamlFaultException("it does not match its tag", scalar.Line, scalar.Column, path),
        };
    }

    /// <summary>
    /// Why a plain scalar is refused although its key says its type already: it is a word or a number that the two generations read as different
    /// values. Null where it is not; digits with colons are the MAC that the key asks for.
    /// </summary>
    public static string? AmbiguityOf(YamlScalar scalar)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        return scalar.Tag == YamlTag.Text ? null : TwoReadings.OfKnownType(scalar.Text);
    }

    /// <summary>All that is wrong with the types of what is in a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="path">The keys that lead to it.</param>
    /// <param name="use">What the document is for.</param>
    public static IEnumerable<YamlFaultException> Faults(YamlNode node, string path = "", YamlUse use = YamlUse.Values) => node switch
    {
        YamlMap map => map.Entries.SelectMany(entry => FaultOf(() => NameOf(entry.Key, path, use)).Concat(Faults(entry.Value, Below(path, entry.Key.Text), use))),
        YamlList list => list.Items.SelectMany((item, i) => Faults(item, $"{path}[{i}]", use)),
        _ => FaultOf(() => KindOf((YamlScalar)node, path, use)),
    };

    /// <summary>A key as a text: whatever type it has, its spelling.</summary>
    /// <exception cref="YamlFaultException">It can be read in two ways, or it is nothing.</exception>
    public static string NameOf(YamlScalar key, string path = "", YamlUse use = YamlUse.Values)
    {
        ArgumentNullException.ThrowIfNull(key);
        return KindOf(key, path, use) == YamlKind.Null
            ? throw new YamlFaultException("this key is empty; write it in quotes if it is a string", key.Line, key.Column, path)
            : key.Text;
    }

    /// <summary>The keys that lead to a key of a map.</summary>
    public static string Below(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>Whether a plain scalar is true; null where it is no boolean.</summary>
    public static bool? Boolean(string text) => text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };

    internal static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    internal static YamlKind Plain(string text) =>
        IsNull(text) ? YamlKind.Null
        : Boolean(text) is not null ? YamlKind.Boolean
        : Integer().IsMatch(text) ? YamlKind.Whole
        : Float().IsMatch(text) ? YamlKind.Real
        : YamlKind.Text;

    private static string? NumberProblem(string text, YamlKind kind, YamlUse use) => kind switch
    {
        not (YamlKind.Whole or YamlKind.Real) => null,
        _ when text.Length > YamlLimits.MaxNumberLength => $"a number has at most {YamlLimits.MaxNumberLength} characters; write it in quotes if it is a string",
        _ when use == YamlUse.Values && !text.Any(char.IsAsciiDigit) => "JSON has no infinite number and no .nan: write it in quotes if it is a string",
        _ => null,
    };

    private static IEnumerable<YamlFaultException> FaultOf(Action look)
    {
        try
        {
            look();
            return [];
        }
        catch (YamlFaultException e)
        {
            return [e];
        }
    }

    [GeneratedRegex(@"\A([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(@"\A([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Float();
}
