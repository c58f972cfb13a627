using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Mayu.Core.Provisioning;

/// <summary>Reads one YAML document as JSON, with the types of YAML's core schema (YAML 1.2 §10.3).</summary>
public static class YamlToJson
{
    /// <summary>Converts.</summary>
    /// <param name="file">Named in errors.</param>
    /// <param name="yaml">One YAML document.</param>
    /// <exception cref="TemplateException">It is no YAML, or not exactly one document.</exception>
    public static JsonNode? Convert(string file, string yaml)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new TemplateException(file, $"its output is no YAML: {e.Message}", (int)e.Start.Line, (int)e.Start.Column);
        }

        return stream.Documents.Count == 1
            ? NodeOf(stream.Documents[0].RootNode)
            : throw new TemplateException(file, $"its output has {stream.Documents.Count} YAML documents; it must have one");
    }

    private static JsonNode? NodeOf(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair =>
            KeyValuePair.Create(((YamlScalarNode)pair.Key).Value ?? "", NodeOf(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(NodeOf)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => PlainScalar(scalar.Value ?? ""),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    private static JsonValue? PlainScalar(string text)
    {
        if (text is "" or "null" or "~")
        {
            return null;
        }

        if (text is "true" or "false")
        {
            return JsonValue.Create(text == "true");
        }

        if (text.StartsWith("0o", StringComparison.Ordinal) && text.Length > 2 && !text.AsSpan(2).ContainsAnyExceptInRange('0', '7'))
        {
            return JsonValue.Create(System.Convert.ToInt64(text[2..], 8));
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return JsonValue.Create(number);
        }

        const NumberStyles Float = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return char.IsAsciiDigit(text[0]) && double.TryParse(text, Float, CultureInfo.InvariantCulture, out var real)
            ? JsonValue.Create(real)
            : JsonValue.Create(text);
    }
}
