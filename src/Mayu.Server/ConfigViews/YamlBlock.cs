using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mayu.Server.ConfigViews;

/// <summary>A tree as a YAML document that people edit: maps as blocks, lists of plain values on one line.</summary>
internal static class YamlBlock
{
    /// <summary>The document.</summary>
    public static string Of(JsonObject root)
    {
        var text = new StringBuilder();
        WriteMap(text, root, indent: 0, isBegun: false);
        return text.ToString();
    }

    private static void WriteMap(StringBuilder text, JsonObject map, int indent, bool isBegun)
    {
        foreach (var (key, value) in map)
        {
            text.Append(' ', isBegun ? 0 : indent).Append(YamlWord.Of(key)).Append(':');
            isBegun = false;
            switch (value)
            {
                case JsonObject { Count: > 0 } below:
                    text.Append('\n');
                    WriteMap(text, below, indent + 2, isBegun: false);
                    break;
                case JsonArray { Count: > 0 } list when list.Any(item => item is not (JsonValue or null)):
                    text.Append('\n');
                    WriteList(text, list, indent + 2);
                    break;
                default:
                    text.Append(' ').Append(OnOneLine(value)).Append('\n');
                    break;
            }
        }
    }

    private static void WriteList(StringBuilder text, JsonArray list, int indent)
    {
        foreach (var item in list)
        {
            text.Append(' ', indent).Append("- ");
            if (item is JsonObject { Count: > 0 } map)
            {
                WriteMap(text, map, indent + 2, isBegun: true);
            }
            else
            {
                text.Append(OnOneLine(item)).Append('\n');
            }
        }
    }

    private static string OnOneLine(JsonNode? node) => node switch
    {
        JsonArray list => $"[{string.Join(", ", list.Select(OnOneLine))}]",
        JsonObject map => $"{{{string.Join(", ", map.Select(entry => $"{YamlWord.Of(entry.Key)}: {OnOneLine(entry.Value)}"))}}}",
        JsonValue when node.GetValueKind() == JsonValueKind.String => YamlWord.Of(node.GetValue<string>()),
        // Numbers, true, false and null are written the same in both.
        _ => JsonOutput.Of(node, isIndented: false),
    };
}
