using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Mayu.Core.Provisioning;

/// <summary>Reads one YAML document as JSON, with the types of YAML's core schema (YAML 1.2 §10.3).</summary>
public static class YamlToJson
{
    /// <summary>How many nodes a document may have once its aliases are followed.</summary>
    public const int MaxNodes = 100_000;

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

        if (stream.Documents.Count != 1)
        {
            throw new TemplateException(file, $"its output has {stream.Documents.Count} YAML documents; it must have one");
        }

        try
        {
            return Convert(stream.Documents[0].RootNode);
        }
        catch (InvalidDataException e)
        {
            throw new TemplateException(file, $"its output cannot become JSON: {e.Message}");
        }
    }

    /// <summary>Converts a node that was read already.</summary>
    /// <exception cref="InvalidDataException">A key is no scalar, or aliases blow it up beyond <see cref="MaxNodes"/>.</exception>
    public static JsonNode? Convert(YamlNode node)
    {
        var budget = MaxNodes;
        return NodeOf(node, ref budget);
    }

    private static JsonNode? NodeOf(YamlNode node, ref int budget)
    {
        if (--budget < 0)
        {
            throw new InvalidDataException($"it has more than {MaxNodes} nodes");
        }

        switch (node)
        {
            case YamlMappingNode map:
                var json = new JsonObject();
                foreach (var (key, value) in map.Children)
                {
                    var name = (key as YamlScalarNode)?.Value ?? throw new InvalidDataException($"line {key.Start.Line} has a key that is no scalar");
                    json[name] = NodeOf(value, ref budget);
                }

                return json;
            case YamlSequenceNode sequence:
                var list = new JsonArray();
                foreach (var child in sequence.Children)
                {
                    list.Add(NodeOf(child, ref budget));
                }

                return list;
            case YamlScalarNode { Style: ScalarStyle.Plain } scalar:
                return PlainScalar(scalar.Value ?? "");
            case YamlScalarNode scalar:
                return JsonValue.Create(scalar.Value);
            default:
                return null;
        }
    }

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
