using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mayu.Core.Ignition;

/// <summary>Writes a config as JSON: compact, and its keys in the order of the model.</summary>
internal static class ConfigJson
{
    // Ignition reads it as application/json: nothing has to be escaped for HTML, and base64 would be longer by it.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The config as JSON.</summary>
    /// <param name="config">The config.</param>
    /// <param name="hasUnchecked">Whether values of a wrong kind may be in it, of which nobody can say what they will be: each becomes null.</param>
    public static string Write(ConfigObject config, bool hasUnchecked = false)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            Write(json, config, hasUnchecked);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, ConfigValue value, bool hasUnchecked)
    {
        switch (value)
        {
            case ConfigObject map:
                json.WriteStartObject();
                foreach (var key in map.Type.Keys)
                {
                    if (map[key.Name] is { } below)
                    {
                        json.WritePropertyName(key.Name);
                        Write(json, below, hasUnchecked);
                    }
                }

                json.WriteEndObject();
                break;
            case ConfigList list:
                json.WriteStartArray();
                list.Items.ForEach(item => Write(json, item, hasUnchecked));
                json.WriteEndArray();
                break;
            case ConfigText text:
                json.WriteStringValue(text.Text);
                break;
            case ConfigNumber number:
                json.WriteNumberValue(number.Value);
                break;
            case ConfigFlag flag:
                json.WriteBooleanValue(flag.Value);
                break;
            case ConfigBroken when hasUnchecked:
                json.WriteNullValue();
                break;
            default:
                throw new InvalidOperationException($"{value.Place.Path} is broken and was let through");
        }
    }
}
