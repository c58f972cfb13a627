using System.Text.Json.Nodes;
using Mayu.Server.Configuration;

namespace Mayu.Server.ConfigViews;

/// <summary>The JSON Schema (2020-12) of the configuration file, made of the keys that the binder asks for, for <c>mayu config schema</c>.</summary>
internal static class ConfigJsonSchema
{
    // With these, fewer keys are required.
    private static readonly (string Key, string Value)[] Variants = [("engine", "external"), ("dhcp.mode", "proxy")];

    /// <summary>The schema, as JSON.</summary>
    public static string Render()
    {
        var keys = KeysWith();
        var always = RequiredOf(keys);
        foreach (var (key, value) in Variants)
        {
            var required = RequiredOf(KeysWith((key, value)));
            // The entries of a list that nobody asks for there lack nothing less.
            always.RemoveWhere(path => !required.Contains(path) && !path.Contains("[]", StringComparison.Ordinal));
        }

        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Configuration of Mayu",
        };
        Open(root);
        foreach (var key in keys)
        {
            Add(root, key);
        }

        foreach (var path in always)
        {
            var words = path.Split('.');
            // A list may be left out, and what is above it; its entries may not lack their keys.
            var entry = Array.FindLastIndex(words, word => word.EndsWith("[]", StringComparison.Ordinal)) + 1;
            Require(words.Take(entry).Aggregate(root, Step), words.AsSpan(entry));
        }

        var otherwise = new JsonObject();
        foreach (var path in RequiredOf(keys).Except(always).Where(path => !path.Contains("[]", StringComparison.Ordinal)))
        {
            Require(otherwise, path.Split('.'));
        }

        root["if"] = new JsonObject { ["anyOf"] = new JsonArray([.. Variants.Select(variant => (JsonNode?)Condition(variant.Key.Split('.'), variant.Value))]) };
        root["else"] = otherwise;
        return JsonOutput.Of(root, isIndented: true) + "\n";
    }

    private static List<ConfigurationKey> KeysWith(params (string Key, string Value)[] given)
    {
        var reader = ConfigurationReader.Open(file: null, OutsideValues.None with { Flags = given.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal) });
        ConfigurationSchema.Bind(reader);
        return reader.Keys;
    }

    private static HashSet<string> RequiredOf(IEnumerable<ConfigurationKey> keys) =>
        [.. keys.Where(key => key.Default is null).Select(key => key.Path)];

    private static void Add(JsonObject root, ConfigurationKey key)
    {
        var words = key.Path.Split('.');
        var at = root;
        foreach (var word in words[..^1])
        {
            at = Step(at, word);
        }

        var schema = ValueSchemas.Of(key.Type);
        var value = key.Default is { } text ? ValueSchemas.DefaultOf(schema, text) : null;
        schema["description"] = key.Default is null or "none" || value is not null ? key.Doc : $"{key.Doc} Default: {key.Default}.";
        if (value is not null)
        {
            schema["default"] = value;
        }

        ((JsonObject)at["properties"]!)[words[^1]] = schema;
    }

    // The map below a key, or of the entries of its list; it is made where it is not there yet.
    private static JsonObject Step(JsonObject at, string word)
    {
        var name = word.TrimEnd('[', ']');
        var properties = (JsonObject)at["properties"]!;
        if (properties[name] is not JsonObject child)
        {
            properties[name] = child = [];
            if (word != name)
            {
                child["type"] = "array";
                child["items"] = Open([]);
            }
            else
            {
                Open(child);
            }
        }

        return word != name ? (JsonObject)child["items"]! : child;
    }

    private static JsonObject Open(JsonObject map)
    {
        map["type"] = "object";
        map["additionalProperties"] = false;
        map["properties"] = new JsonObject();
        return map;
    }

    // Each step to a required key is required too.
    private static void Require(JsonObject at, ReadOnlySpan<string> words)
    {
        var required = at["required"] as JsonArray ?? [];
        var name = words[0];
        if (!required.Any(one => (string?)one == name))
        {
            required.Add((JsonNode)name);
        }

        at.TryAdd("required", required);
        if (words.Length > 1)
        {
            var properties = at["properties"] as JsonObject ?? [];
            var child = properties[name] as JsonObject ?? [];
            properties.TryAdd(name, child);
            at.TryAdd("properties", properties);
            Require(child, words[1..]);
        }
    }

    private static JsonObject Condition(ReadOnlySpan<string> words, string value) => new()
    {
        ["properties"] = new JsonObject { [words[0]] = words.Length == 1 ? new JsonObject { ["const"] = value } : Condition(words[1..], value) },
        ["required"] = new JsonArray((JsonNode)words[0]),
    };
}
