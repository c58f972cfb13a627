using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scriban.Runtime;

namespace Mayu.Core.Provisioning;

/// <summary>The encoders that templates print values through.</summary>
internal static class TemplateFunctions
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

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

    private static EncodedText Json(object? value) => new(NodeOf(value)?.ToJsonString(Compact) ?? "null");

    /// <summary>A <c>data:</c> URL (RFC 2397) of the text, as Ignition's <c>contents.source</c> takes it.</summary>
    private static EncodedText DataUrl(object? value) => new($"data:;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(TextOf(value)))}");

    private static JsonNode? NodeOf(object? value) => value switch
    {
        null => null,
        bool b => JsonValue.Create(b),
        int i => JsonValue.Create(i),
        long l => JsonValue.Create(l),
        double d => JsonValue.Create(d),
        ScriptArray array => new JsonArray([.. array.Select(NodeOf)]),
        ScriptObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, NodeOf(pair.Value)))),
        _ => JsonValue.Create(TextOf(value)),
    };

    private static string TextOf(object? value) => value?.ToString() ?? throw new InvalidOperationException("there is no value to print");
}
