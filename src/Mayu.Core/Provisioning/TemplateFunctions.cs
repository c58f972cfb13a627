using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mayu.Core.Json;
using Mayu.Core.Yaml;
using Scriban.Runtime;

namespace Mayu.Core.Provisioning;

/// <summary>The encoders that templates print values through.</summary>
internal static class TemplateFunctions
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * YamlLimits.MaxDepth };

    /// <summary>Adds the encoders to a template's built-in names.</summary>
    public static void AddTo(ScriptObject names)
    {
        Add(names, "sh", ShellWord);
        Add(names, "json", Json);
        // A JSON value is a YAML value (YAML 1.2 §1.3), so one encoder serves both.
        Add(names, "yaml", Json);
        Add(names, "uri", value => new EncodedText(Uri.EscapeDataString(TextOf(value))));
        Add(names, "data_url", DataUrl);
        Add(names, "dnsmasq", DnsmasqWord);
    }

    private static void Add(ScriptObject names, string name, Func<object?, EncodedText> encode) =>
        names.SetValue(name, new EncoderFunction(encode), readOnly: true);

    /// <summary>One POSIX shell word in single quotes (XCU §2.2.2).</summary>
    private static EncodedText ShellWord(object? value)
    {
        var text = TextOf(value);
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new InvalidOperationException("a shell word cannot hold a NUL character")
            : new EncodedText($"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'");
    }

    /// <summary>
    /// One value of a line of dnsmasq's configuration, in double quotes: inside them comma, hash, colon and space mean nothing. There is
    /// no way to write a control character, and no need to.
    /// </summary>
    private static EncodedText DnsmasqWord(object? value)
    {
        var text = TextOf(value);
        return text.Any(char.IsControl)
            ? throw new InvalidOperationException("a value of dnsmasq's configuration cannot hold a control character")
            : new EncodedText($"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
    }

    private static EncodedText Json(object? value)
    {
        var budget = YamlLimits.MaxNodes;
        return new EncodedText(NodeOf(value, depth: 0, ref budget)?.ToJsonString(Compact) ?? "null");
    }

    /// <summary>A <c>data:</c> URL (RFC 2397) of the text, as Ignition's <c>contents.source</c> takes it.</summary>
    private static EncodedText DataUrl(object? value) => new($"data:;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(TextOf(value)))}");

    // A template can put a map into itself, or make a list of a list of lists: depth and number are bounded before anything is followed.
    private static JsonNode? NodeOf(object? value, int depth, ref int budget)
    {
        if (depth > YamlLimits.MaxDepth || --budget < 0)
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
                    list.Add(NodeOf(item, depth + 1, ref budget));
                }

                return list;
            case ScriptObject map:
                var json = new JsonObject();
                foreach (var (name, item) in map)
                {
                    json.Add(name, NodeOf(item, depth + 1, ref budget));
                }

                return json;
            default:
                return LeafOf(value);
        }
    }

    private static JsonNode? LeafOf(object? value) => value switch
    {
        null => null,
        bool b => JsonValue.Create(b),
        int i => JsonValue.Create(i),
        long l => JsonValue.Create(l),
        double d when double.IsFinite(d) => JsonValue.Create(d),
        BigInteger big => BoundedJson.Number(big.ToString(CultureInfo.InvariantCulture)),
        SpelledNumber number => BoundedJson.Number(number.Json),
        _ => JsonValue.Create(TextOf(value)),
    };

    // A map says itself by saying what is in it, to any depth.
    private static string TextOf(object? value) => value switch
    {
        null => throw new InvalidOperationException("there is no value to print"),
        ScriptArray or ScriptObject => throw new InvalidOperationException("a list or a map cannot be printed as it is: convert it first, {{ … | json | … }}"),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
