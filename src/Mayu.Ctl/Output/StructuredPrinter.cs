using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mayu.Ctl.Output;

/// <summary>Prints an answer for programs: the API's own JSON, or the same as YAML.</summary>
internal static class StructuredPrinter
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        // For people and jq, never for a web page: a plus stays a plus. Control characters are escaped all the same.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Prints the answer.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="format">JSON or YAML.</param>
    /// <param name="answer">The answer.</param>
    public static void Print(CtlConsole console, OutputFormat format, JsonNode answer)
    {
        if (format == OutputFormat.Yaml)
        {
            YamlText.Write(console.Out, answer);
            return;
        }

        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Indented))
        {
            answer.WriteTo(writer);
        }

        console.Out.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
