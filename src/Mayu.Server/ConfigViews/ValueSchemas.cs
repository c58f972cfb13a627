using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mayu.Server.ConfigViews;

/// <summary>The kinds of value that keys take, as JSON Schema. What a kind cannot say there, <c>mayu config check</c> checks.</summary>
internal static partial class ValueSchemas
{
    private const string ListMark = " (list)";

    // One may stand without a list around it.
    private const string NetworkOrTrue = "network, or `true`";
    private const string Octet = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
    private const string Address = $@"{Octet}(?:\.{Octet}){{3}}";

    // YAML gives 3510.2 the type of a number; the key says what it is.
    private static readonly string[] Texts =
    [
        "device", "domain", "file", "file or URL", "folder", "name", "name or pattern", "pattern", "text", "URL", "URL or remote", "value", "version", "word",
        "architecture", "mode",
    ];

    /// <summary>The schema of a kind.</summary>
    /// <param name="type">The kind, as the reference has it.</param>
    /// <exception cref="InvalidOperationException">It is a new kind: it belongs here.</exception>
    public static JsonObject Of(string type) =>
        type == NetworkOrTrue + ListMark ? new JsonObject { ["anyOf"] = new JsonArray(Of(NetworkOrTrue), new JsonObject { ["type"] = "array", ["items"] = Of(NetworkOrTrue) }) }
        : type.EndsWith(ListMark, StringComparison.Ordinal) ? new JsonObject { ["type"] = "array", ["items"] = Of(type[..^ListMark.Length]) }
        : type == "`true` or `false`" ? new JsonObject { ["type"] = "boolean" }
        : type.Replace("`", "", StringComparison.Ordinal) is "serial, uuid, mac or template" ? Text()
        : type.StartsWith('`') && type.Contains(" or ", StringComparison.Ordinal) ? new JsonObject { ["enum"] = new JsonArray([.. Word().Matches(type).Select(match => (JsonNode?)JsonValue.Create(match.Groups["word"].Value))]) }
        : Named(type);

    /// <summary>The default of a key as a value of its kind; null where the reference says it in words.</summary>
    public static JsonNode? DefaultOf(JsonObject schema, string text) => (string?)(schema["type"] as JsonValue) switch
    {
        "boolean" => bool.TryParse(text, out var flag) ? JsonValue.Create(flag) : null,
        "integer" => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : null,
        "array" => text == "[]" ? new JsonArray() : null,
        "object" => text == "{}" ? new JsonObject() : null,
        _ when schema["enum"] is JsonArray words => words.Any(word => (string?)word == text) ? JsonValue.Create(text) : null,
        "string" when (string?)schema["pattern"] is { } pattern && Regex.IsMatch(text, pattern, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)) => JsonValue.Create(text),
        _ => null,
    };

    private static JsonObject Named(string type) => type switch
    {
        "map" => new JsonObject { ["type"] = "object" },
        "number" or "bytes" or "Mbit/s" => Number(0),
        "percent" => Number(0, 100),
        "port" => Number(1, 65535),
        "address" => Matching($"^{Address}$"),
        "address or range" => Matching($@"^{Address}(?:\s*-\s*{Address})?$"),
        NetworkOrTrue => new JsonObject { ["anyOf"] = new JsonArray(Matching($"^{Address}(?:/(?:[12]?[0-9]|3[0-2]))?$"), new JsonObject { ["type"] = "boolean" }) },
        "subnet" => Matching($"^{Address}/(?:[12]?[0-9]|3[0-2])$"),
        "interface name" => Matching(@"^[^/:\s]{1,15}$"),
        "`aa:bb:cc`" => Matching("^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){2}$"),
        "MAC" => Matching("^[0-9A-Fa-f]{2}(?:[:-]?[0-9A-Fa-f]{2}){5}$"),
        "time" => Matching("^[0-9]+(?:ms|s|m|h)$"),
        "size" => Matching("^[1-9][0-9]{0,5}(?:MiB|GiB|TiB|MB|GB|TB)$"),
        "tag" or "selector" => Matching("="),
        "token" => Matching("^[0-9a-f]{32}$"),
        _ when Bounds().Match(type) is { Success: true } bounds => Number(int.Parse(bounds.Groups["least"].ValueSpan, CultureInfo.InvariantCulture), int.Parse(bounds.Groups["most"].ValueSpan, CultureInfo.InvariantCulture)),
        _ when Texts.Contains(type, StringComparer.Ordinal) => Text(),
        _ => throw new InvalidOperationException($"\"{type}\" has no JSON Schema yet"),
    };

    private static JsonObject Text() => new() { ["type"] = new JsonArray("string", "number") };

    private static JsonObject Matching(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject Number(int least, int? most = null)
    {
        var schema = new JsonObject { ["type"] = "integer", ["minimum"] = least };
        if (most is { } bound)
        {
            schema["maximum"] = bound;
        }

        return schema;
    }

    [GeneratedRegex("`(?<word>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();

    [GeneratedRegex("^(?<least>[0-9]{1,6}) to (?<most>[0-9]{1,6})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bounds();
}
