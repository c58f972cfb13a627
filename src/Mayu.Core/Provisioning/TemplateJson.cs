using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Json;
using Mayu.Core.Rendering;
using Mayu.Core.Yaml;
using Scriban.Runtime;

namespace Mayu.Core.Provisioning;

/// <summary>A template's value as JSON, which is YAML, too (YAML 1.2 §1.3).</summary>
internal sealed class TemplateJson
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * YamlLimits.MaxDepth };

    private int _values = YamlLimits.MaxNodes;
    private long _characters = RenderBudget.MaxText;

    private TemplateJson()
    {
    }

    /// <summary>Encodes a value as JSON. A character beyond U+FFFF is written as it is: its escape, a pair of surrogates, is none in YAML.</summary>
    /// <exception cref="TemplateFaultException">It is too large, or nested too deep.</exception>
    public static EncodedText Encode(object? value) => new(WithoutPairs(JsonOf(value), char.ConvertFromUtf32));

    /// <summary>
    /// Encodes a value as YAML. Of JSON's escape for a character beyond U+FFFF, PyYAML makes two halves of a character, which nothing can write, and libyaml
    /// refuses the document; the character itself older versions of PyYAML refuse. YAML's own escape all of them read (YAML 1.2 §5.7).
    /// </summary>
    /// <exception cref="TemplateFaultException">It is too large, or nested too deep.</exception>
    public static EncodedText EncodeYaml(object? value) => new(WithoutPairs(JsonOf(value), rune => $"\\U{rune:X8}"));

    private static string JsonOf(object? value) => new TemplateJson().NodeOf(value, depth: 0)?.ToJsonString(Compact) ?? "null";

    private static string WithoutPairs(string json, Func<int, string> write)
    {
        if (!json.Contains("\\uD", StringComparison.Ordinal))
        {
            return json;
        }

        var text = new StringBuilder(json.Length);
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] != '\\')
            {
                text.Append(json[i]);
            }
            else if (SurrogateAt(json, i) is { } high && SurrogateAt(json, i + 6) is { } low && char.IsSurrogatePair(high, low))
            {
                text.Append(write(char.ConvertToUtf32(high, low)));
                i += 11;
            }
            else
            {
                text.Append(json, i++, 2);
            }
        }

        return text.ToString();
    }

    private static char? SurrogateAt(string text, int at) =>
        at + 6 <= text.Length && text.AsSpan(at, 2) is "\\u" && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) && char.IsSurrogate((char)unit)
            ? (char)unit : null;

    // A template can put a map into itself, or make a list of a list of lists: depth, number and length are bounded before anything is followed.
    private JsonNode? NodeOf(object? value, int depth)
    {
        if (depth > YamlLimits.MaxDepth || --_values < 0)
        {
            throw new TemplateFaultException(
                $"it has more than {YamlLimits.MaxNodes} values, or is nested more than {YamlLimits.MaxDepth} deep");
        }

        switch (value)
        {
            case ScriptArray array:
                var list = new JsonArray();
                foreach (var item in array)
                {
                    list.Add(NodeOf(item, depth + 1));
                }

                return list;
            case ScriptObject map:
                var json = new JsonObject();
                foreach (var (name, item) in map)
                {
                    json.Add(Counted(name), NodeOf(item, depth + 1));
                }

                return json;
            default:
                return LeafOf(value);
        }
    }

    private JsonNode? LeafOf(object? value) => value switch
    {
        null => null,
        bool b => JsonValue.Create(b),
        int i => JsonValue.Create(i),
        long l => JsonValue.Create(l),
        double d when double.IsFinite(d) => JsonValue.Create(d),
        BigInteger big => BoundedJson.Number(big.ToString(CultureInfo.InvariantCulture)),
        SpelledNumber number => BoundedJson.Number(number.Json),
        _ => JsonValue.Create(Counted(TemplateFunctions.TextOf(value))),
    };

    private string Counted(string text) => (_characters -= text.Length) >= 0 ? text : throw TemplateFunctions.TooLong();
}
