using System.Text.Json.Nodes;
using Mayu.Core.Json;
using Mayu.Core.Yaml;

namespace Mayu.Core.Tests.Yaml;

/// <summary>YAML as JSON, to compare with: the types of the core schema (YAML 1.2 §10.3), and numbers with all their digits.</summary>
internal static class YamlToJson
{
    /// <summary>Converts.</summary>
    /// <exception cref="YamlFaultException">Something in it can be read in two ways, or JSON cannot say it.</exception>
    public static JsonNode? Convert(YamlNode? node) => node is null ? null : NodeOf(node, "");

    private static JsonNode? NodeOf(YamlNode node, string path)
    {
        switch (node)
        {
            case YamlMap map:
                var json = new JsonObject();
                foreach (var (key, value) in map.Entries)
                {
                    var name = CoreSchema.NameOf(key, path);
                    json.Add(name, NodeOf(value, CoreSchema.Below(path, name)));
                }

                return json;
            case YamlList list:
                var items = new JsonArray();
                for (var i = 0; i < list.Items.Length; i++)
                {
                    items.Add(NodeOf(list.Items[i], $"{path}[{i}]"));
                }

                return items;
            default:
                return ValueOf((YamlScalar)node, path);
        }
    }

    private static JsonNode? ValueOf(YamlScalar scalar, string path)
    {
        var kind = CoreSchema.KindOf(scalar, path);
        return kind switch
        {
            YamlKind.Null => null,
            YamlKind.Boolean => JsonValue.Create(CoreSchema.Boolean(scalar.Text)),
            YamlKind.Whole or YamlKind.Real => Number(YamlNumber.Read(scalar, kind), scalar, path),
            _ => JsonValue.Create(scalar.Text),
        };
    }

    private static JsonNode Number(YamlNumber number, YamlScalar scalar, string path) => number.Value is long || (number.Value is double real && double.IsFinite(real))
        ? BoundedJson.Number(number.Json)
        : throw new YamlFaultException("this number does not fit into 64 bits, so programs cannot read it: write it in quotes if it is a string", scalar.Line, scalar.Column, path);
}
