using System.Text;
using System.Text.Json.Nodes;
using Mayu.Core.Yaml;
using Mayu.Server.Configuration;

namespace Mayu.Server.ConfigViews;

/// <summary>Every value of a configuration with its source, for <c>mayu config show</c>. Secrets are hidden.</summary>
internal static class ConfigShow
{
    private const int WidestKey = 44;
    private const int WidestValue = 40;

    // These take a token, whatever its form, or only say whether one is required.
    private static readonly string[] Tokens = ["etcd_token", "token"];

    /// <summary>The formats.</summary>
    public static readonly string[] Formats = ["table", "json", "yaml"];

    /// <summary>Prints them.</summary>
    /// <param name="values">What was asked for.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    public static string Render(IEnumerable<ConfigurationValue> values, string format)
    {
        var shown = values.Select(value => value with { Value = Hidden(value) }).ToList();
        return format switch
        {
            "json" => Json(shown),
            "yaml" => string.Concat(shown.Select(Yaml)),
            _ => Table(shown),
        };
    }

    private static object Hidden(ConfigurationValue value)
    {
        var name = value.Path[(value.Path.LastIndexOf('.') + 1)..];
        return value switch
        {
            { Source: ValueSource.Default } => value.Value,
            { Value: string } when Tokens.Contains(name, StringComparer.Ordinal) => HiddenValues.Mask,
            // A secret's own program may be told another secret.
            { Value: IReadOnlyList<string> { Count: > 1 } command } when name == "command" => new[] { command[0], HiddenValues.Mask },
            // What is behind a receiver's host is often what lets one post there.
            { Value: string url } when name == "url" && value.Path.StartsWith("webhooks", StringComparison.Ordinal) => HiddenValues.HidePath(url),
            { Value: string text } => HiddenValues.Hide(text),
            { Value: IReadOnlyList<string> words } => words.Select(HiddenValues.HideWord).ToArray(),
            { Value: YamlMap map } => NodeOf(map, isSecret: false)!,
            _ => value.Value,
        };
    }

    private static JsonNode? NodeOf(YamlNode node, bool isSecret) => node switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, NodeOf(entry.Value, isSecret || HiddenValues.IsSecret(entry.Key.Text))))),
        YamlList list => new JsonArray([.. list.Items.Select(item => NodeOf(item, isSecret))]),
        _ when isSecret => JsonValue.Create(HiddenValues.Mask),
        _ => JsonValue.Create(HiddenValues.Hide(((YamlScalar)node).Text)),
    };

    private static JsonNode? NodeOf(object value) => value switch
    {
        JsonNode node => node.DeepClone(),
        IReadOnlyList<string> words => new JsonArray([.. words.Select(word => (JsonNode?)JsonValue.Create(word))]),
        YamlMap => new JsonObject(),
        _ => JsonValue.Create((string)value),
    };

    private static string Json(IEnumerable<ConfigurationValue> values)
    {
        var all = new JsonArray([.. values.Select(value => (JsonNode)new JsonObject
        {
            ["key"] = value.Path,
            ["value"] = NodeOf(value.Value),
            ["source"] = SourceOf(value),
            ["where"] = value.Where,
        })]);
        return JsonOutput.Of(all, isIndented: true) + "\n";
    }

    private static string Yaml(ConfigurationValue value) =>
        $"- key: {YamlWord.Of(value.Path)}\n  value: {(value.Value is string text ? YamlWord.Of(text) : JsonOutput.Of(NodeOf(value.Value), isIndented: false))}\n"
        + $"  source: {SourceOf(value)}\n  where: {(value.Where is { } place ? YamlWord.Of(place) : "null")}\n";

    private static string Table(List<ConfigurationValue> values)
    {
        var rows = values.Select(value => (value.Path, Value: TextOf(value.Value), Source: value.Where ?? "default")).Prepend(("KEY", "VALUE", "SOURCE")).ToList();
        var key = Math.Min(WidestKey, rows.Max(row => row.Item1.Length));
        var width = Math.Min(WidestValue, rows.Max(row => row.Item2.Length));
        var text = new StringBuilder();
        foreach (var (path, value, source) in rows)
        {
            text.Append(path.PadRight(key)).Append("  ").Append(value.PadRight(width)).Append("  ").Append(source).Append('\n');
        }

        return text.ToString();
    }

    private static string TextOf(object value) =>
        string.Concat((value as string ?? JsonOutput.Of(NodeOf(value), isIndented: false)).Select(c => char.IsControl(c) ? ' ' : c));

    private static string SourceOf(ConfigurationValue value) => value.Source.ToString().ToLowerInvariant();

}
