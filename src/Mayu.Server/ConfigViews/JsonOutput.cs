using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mayu.Server.ConfigViews;

/// <summary>JSON for people and programs that read files, not for web pages.</summary>
internal static class JsonOutput
{
    /// <summary>A node as text.</summary>
    public static string Of(JsonNode? node, bool isIndented)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = isIndented, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            if (node is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                node.WriteTo(writer);
            }
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
