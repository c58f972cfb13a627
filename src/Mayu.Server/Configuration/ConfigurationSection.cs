using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Mayu.Core.Provisioning;
using YamlDotNet.RepresentationModel;

namespace Mayu.Server.Configuration;

/// <summary>One map of the configuration. Each getter asks for one key; <see cref="Close"/> tells what nobody asked for.</summary>
internal sealed class ConfigurationSection(ConfigurationReader reader, string path, YamlMappingNode? node, string where)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Reads text into a value; the message says what would be right, when it is not.</summary>
    public delegate bool Parser<T>(string text, [MaybeNullWhen(false)] out T value, out string problem);

    /// <summary>Whether the file has this map at all.</summary>
    public bool IsGiven => node is not null;

    /// <summary>How many problems the whole file has up to here.</summary>
    public int ProblemCount => reader.Problems.Count;

    /// <summary>The dotted path of a key here.</summary>
    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    /// <summary>A value that must be given.</summary>
    public T? Required<T>(string key, string type, string doc, Parser<T> parse)
    {
        reader.Keys.Add(new ConfigurationKey(PathOf(key), type, Default: null, doc));
        if (Find(key) is not var (text, place))
        {
            reader.Problems.Add(new ConfigurationProblem(where, PathOf(key), $"it is missing. It takes {type}."));
            return default;
        }

        return Parse(key, text, place, parse, fallback: default);
    }

    /// <summary>A value with a default, which the reference shows as <paramref name="defaultText"/>.</summary>
    public T Optional<T>(string key, string type, string doc, Parser<T> parse, T fallback, string defaultText)
    {
        reader.Keys.Add(new ConfigurationKey(PathOf(key), type, defaultText, doc));
        return Find(key) is var (text, place) ? Parse(key, text, place, parse, fallback)! : fallback;
    }

    /// <summary>A list of values; from the environment, divided by commas.</summary>
    public IReadOnlyList<T> List<T>(string key, string type, string doc, Parser<T> parse)
    {
        reader.Keys.Add(new ConfigurationKey(PathOf(key), $"list of {type}", "[]", doc));
        _asked.Add(key);
        if (reader.Outside(PathOf(key)) is var (text, place))
        {
            return ParseAll(key, text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(entry => (entry, place)), parse);
        }

        return Child(key) switch
        {
            null => [],
            YamlSequenceNode list => ParseAll(key, list.Children.Select(entry => (TextOf(entry) ?? "", PlaceOf(entry))), parse),
            var other => Wrong<IReadOnlyList<T>>(key, other, $"it takes a list of {type}", []),
        };
    }

    /// <summary>A map of its own.</summary>
    public ConfigurationSection Section(string key)
    {
        _asked.Add(key);
        return Child(key) switch
        {
            YamlMappingNode map => new ConfigurationSection(reader, PathOf(key), map, PlaceOf(map)),
            null => new ConfigurationSection(reader, PathOf(key), null, where),
            var other => Wrong(key, other, "it takes a map of keys", new ConfigurationSection(reader, PathOf(key), null, where)),
        };
    }

    /// <summary>A list of maps. <paramref name="read"/> is also called once for the reference when there are none.</summary>
    public IReadOnlyList<T> Sections<T>(string key, Func<ConfigurationSection, T> read)
    {
        _asked.Add(key);
        switch (Child(key))
        {
            case null:
                Describe(key, read);
                return [];
            case YamlSequenceNode list:
                if (list.Children.Count == 0)
                {
                    Describe(key, read);
                }

                return [.. list.Children.Select(entry => Entry(key, entry, read))];
            case var other:
                return Wrong<IReadOnlyList<T>>(key, other, "it takes a list of maps", []);
        }
    }

    /// <summary>A map with any keys.</summary>
    public JsonObject FreeMap(string key, string doc)
    {
        reader.Keys.Add(new ConfigurationKey(PathOf(key), "map", "{}", doc));
        _asked.Add(key);
        return Child(key) switch
        {
            null => [],
            YamlMappingNode map => Convert(key, map),
            var other => Wrong<JsonObject>(key, other, "it takes a map", []),
        };
    }

    /// <summary>Tells every key that the file has here and nobody asked for.</summary>
    public void Close()
    {
        foreach (var key in node?.Children.Keys ?? Enumerable.Empty<YamlNode>())
        {
            var name = TextOf(key) ?? "";
            if (!_asked.Contains(name))
            {
                reader.Problems.Add(new ConfigurationProblem(PlaceOf(key), PathOf(name), $"there is no such key{Suggestion.For(name, _asked)}"));
            }
        }
    }

    /// <summary>A problem that concerns a key here.</summary>
    public void Problem(string key, string message) =>
        reader.Problems.Add(new ConfigurationProblem(Child(key) is { } child ? PlaceOf(child) : where, PathOf(key), message));

    private T Entry<T>(string key, YamlNode entry, Func<ConfigurationSection, T> read)
    {
        if (entry is not YamlMappingNode)
        {
            reader.Problems.Add(new ConfigurationProblem(PlaceOf(entry), PathOf(key), "each entry must be a map of keys"));
        }

        var section = new ConfigurationSection(reader, $"{PathOf(key)}[]", entry as YamlMappingNode, PlaceOf(entry));
        var value = read(section);
        section.Close();
        return value;
    }

    // The keys of a list's entries belong to the reference even when the list is empty; their absence is no problem.
    private void Describe<T>(string key, Func<ConfigurationSection, T> read)
    {
        var problems = reader.Problems.Count;
        read(new ConfigurationSection(reader, $"{PathOf(key)}[]", null, where));
        reader.Problems.RemoveRange(problems, reader.Problems.Count - problems);
    }

    private (string Text, string Place)? Find(string key)
    {
        _asked.Add(key);
        if (!path.EndsWith("[]", StringComparison.Ordinal) && reader.Outside(PathOf(key)) is { } outside)
        {
            return outside;
        }

        return Child(key) switch
        {
            null => null,
            YamlScalarNode scalar => (scalar.Value ?? "", PlaceOf(scalar)),
            var other => Wrong<(string, string)?>(key, other, "it takes one value", null),
        };
    }

    private List<T> ParseAll<T>(string key, IEnumerable<(string Text, string Place)> entries, Parser<T> parse)
    {
        var values = new List<T>();
        foreach (var (text, place) in entries)
        {
            var before = reader.Problems.Count;
            var value = Parse(key, text, place, parse, fallback: default);
            if (reader.Problems.Count == before)
            {
                values.Add(value!);
            }
        }

        return values;
    }

    private T? Parse<T>(string key, string text, string place, Parser<T> parse, T? fallback)
    {
        if (parse(text, out var value, out var problem))
        {
            return value;
        }

        reader.Problems.Add(new ConfigurationProblem(place, PathOf(key), $"\"{text}\" {problem}"));
        return fallback;
    }

    private T Wrong<T>(string key, YamlNode child, string message, T fallback)
    {
        reader.Problems.Add(new ConfigurationProblem(PlaceOf(child), PathOf(key), message));
        return fallback;
    }

    private JsonObject Convert(string key, YamlMappingNode map)
    {
        try
        {
            return YamlToJson.Convert(map) as JsonObject ?? [];
        }
        catch (InvalidDataException e)
        {
            return Wrong<JsonObject>(key, map, e.Message, []);
        }
    }

    private YamlNode? Child(string key) =>
        node is not null && node.Children.TryGetValue(new YamlScalarNode(key), out var child)
        && child is not YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: "" or "null" or "~" }
            ? child
            : null;

    private string PlaceOf(YamlNode child) => $"{reader.File}:{child.Start.Line}";

    private static string? TextOf(YamlNode child) => (child as YamlScalarNode)?.Value;
}
