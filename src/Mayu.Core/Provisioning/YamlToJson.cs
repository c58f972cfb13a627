using System.Text.Json.Nodes;
using Mayu.Core.Json;
using Mayu.Core.Yaml;

namespace Mayu.Core.Provisioning;

/// <summary>
/// YAML as JSON, with the types of the core schema (YAML 1.2 §10.3). A number keeps its digits. A file's or a folder's <c>mode</c> is octal
/// where it begins with a zero, as in Butane.
/// </summary>
public static class YamlToJson
{
    private static readonly string[] ButaneModes = ["storage.files[].mode", "storage.directories[].mode"];

    /// <summary>Converts.</summary>
    /// <exception cref="YamlFaultException">Something in it can be read in two ways, or JSON cannot say it.</exception>
    public static JsonNode? Convert(YamlNode? node) => node is null ? null : NodeOf(node, "", "");

    // Two paths: with the numbers of a list's items for the operator, and without them to compare with.
    private static JsonNode? NodeOf(YamlNode node, string path, string shape)
    {
        switch (node)
        {
            case YamlMap map:
                var json = new JsonObject();
                foreach (var (key, value) in map.Entries)
                {
                    var name = CoreSchema.NameOf(key, path);
                    json.Add(name, NodeOf(value, CoreSchema.Below(path, name), CoreSchema.Below(shape, name)));
                }

                return json;
            case YamlList list:
                var items = new JsonArray();
                for (var i = 0; i < list.Items.Length; i++)
                {
                    items.Add(NodeOf(list.Items[i], $"{path}[{i}]", $"{shape}[]"));
                }

                return items;
            default:
                return ValueOf((YamlScalar)node, path, shape);
        }
    }

    private static JsonNode? ValueOf(YamlScalar scalar, string path, string shape)
    {
        if (scalar.Tag == YamlTag.Plain && ButaneModes.Contains(shape) && IsOctal(scalar.Text))
        {
            return Number(YamlNumber.Octal(scalar.Text), scalar, path);
        }

        var kind = CoreSchema.KindOf(scalar, path);
        return kind switch
        {
            YamlKind.Null => null,
            YamlKind.Boolean => JsonValue.Create(CoreSchema.Boolean(scalar.Text)),
            YamlKind.Whole or YamlKind.Real => Number(YamlNumber.Read(scalar, kind), scalar, path),
            _ => JsonValue.Create(scalar.Text),
        };
    }

    private static JsonNode Number(YamlNumber number, YamlScalar scalar, string path) => number.FitsMachines
        ? BoundedJson.Number(number.Json)
        : throw new YamlFaultException("this number does not fit into 64 bits, so programs cannot read it: write it in quotes if it is a string", scalar.Line, scalar.Column, path);

    private static bool IsOctal(string text) =>
        text.Length is > 1 and <= YamlLimits.MaxNumberLength && text[0] == '0' && !text.AsSpan().ContainsAnyExceptInRange('0', '7');
}
