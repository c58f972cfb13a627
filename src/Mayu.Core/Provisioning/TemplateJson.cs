using System.Globalization;
using System.Numerics;
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

    /// <summary>Encodes a value.</summary>
    /// <exception cref="InvalidOperationException">It is too large, or nested too deep.</exception>
    public static EncodedText Encode(object? value) => new(new TemplateJson().NodeOf(value, depth: 0)?.ToJsonString(Compact) ?? "null");

    // A template can put a map into itself, or make a list of a list of lists: depth, number and length are bounded before anything is followed.
    private JsonNode? NodeOf(object? value, int depth)
    {
        if (depth > YamlLimits.MaxDepth || --_values < 0)
        {
            throw new InvalidOperationException(
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
