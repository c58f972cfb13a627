using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mayu.Core.Json;

namespace Mayu.Server.Diff;

/// <summary>A config as a person can compare it: JSON, which Mayu writes on one line, in many; and the files in it decoded, each line for itself.</summary>
internal static class ReadableText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // A config is a MiB of template and the files that it embeds.
    private const int Longest = 64 << 20;

    /// <summary>The text to compare. Control characters, which a terminal would obey, are replaced.</summary>
    public static string Of(string text)
    {
        if (text.AsSpan().TrimStart().StartsWith("{"))
        {
            try
            {
                var json = BoundedJson.Element(text, Longest);
                using var output = new MemoryStream();
                using (var writer = new Utf8JsonWriter(output, Indented))
                {
                    Write(json, writer);
                }

                text = Encoding.UTF8.GetString(output.ToArray());
            }
            catch (JsonException)
            {
                // A generic config that begins so and is none.
            }
        }

        return string.Create(text.Length, text, static (printable, from) =>
        {
            for (var i = 0; i < printable.Length; i++)
            {
                printable[i] = char.IsControl(from[i]) && from[i] is not ('\n' or '\t') ? '\ufffd' : from[i];
            }
        });
    }

    private static void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String when Lines(value.GetString()!) is { } lines:
                writer.WriteStartArray();
                foreach (var line in lines)
                {
                    writer.WriteStringValue(line);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    // Of a text of several lines, or of a data URL (RFC 2397) that is a text, each line; null of another.
    private static string[]? Lines(string text) =>
        text.Contains('\n', StringComparison.Ordinal) ? text.Split('\n')
        : text.StartsWith("data:", StringComparison.Ordinal) && text.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma && Decoded(text[..comma], text[(comma + 1)..]) is { } decoded
            ? [text[..(comma + 1)], .. decoded.Split('\n')]
            : null;

    private static string? Decoded(string head, string data)
    {
        try
        {
            return head.EndsWith(";base64", StringComparison.Ordinal) ? Strict.GetString(Convert.FromBase64String(data)) : Uri.UnescapeDataString(data);
        }
        catch (Exception e) when (e is FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}
