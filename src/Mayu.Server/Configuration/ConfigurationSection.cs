using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Yaml;
using Mayu.Primitives;

namespace Mayu.Server.Configuration;

/// <summary>One map of the configuration. Each getter asks for one key; <see cref="Close"/> tells what nobody asked for.</summary>
/// <param name="reader">What reads the file.</param>
/// <param name="path">The dotted path of the map; <c>[]</c> stands for the entries of a list.</param>
/// <param name="shownPath">The same with the number of each entry.</param>
/// <param name="node">The map; null: the file does not have it.</param>
/// <param name="where">The place of the map.</param>
internal sealed class ConfigurationSection(ConfigurationReader reader, string path, string shownPath, YamlMap? node, string where)
{
    private const int MostFaults = 100;

    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    // What was wrong before anything here was asked for.
    private readonly int _formerProblems = reader.Problems.Count;

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
        if (Shown(key, Find(key)) is not var (text, place))
        {
            reader.Problems.Add(new ConfigurationProblem(where, PathOf(key), $"it is required; expected: {type}") { IsMissing = true });
            return default;
        }

        return Parse(key, text, place, parse, fallback: default);
    }

    /// <summary>A value with a default, which the reference shows as <paramref name="defaultText"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="type">What kind of value it takes.</param>
    /// <param name="doc">What it does.</param>
    /// <param name="parse">Reads it.</param>
    /// <param name="fallback">The default.</param>
    /// <param name="defaultText">The default, for the reference.</param>
    /// <param name="effective">The default as it follows from other keys; null: as in the reference.</param>
    public T Optional<T>(string key, string type, string doc, Parser<T> parse, T fallback, string defaultText, string? effective = null)
    {
        reader.Keys.Add(new ConfigurationKey(PathOf(key), type, defaultText, doc));
        return Shown(key, Find(key), effective ?? defaultText.Replace("`", "", StringComparison.Ordinal)) is var (text, place) ? Parse(key, text, place, parse, fallback)! : fallback;
    }

    /// <summary>A list of values; from the environment, divided by commas.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="type">The type of an entry.</param>
    /// <param name="doc">What it is for.</param>
    /// <param name="parse">Reads an entry.</param>
    /// <param name="takesOne">Whether one entry may stand without a list around it.</param>
    public IReadOnlyList<T> List<T>(string key, string type, string doc, Parser<T> parse, bool takesOne = false)
    {
        reader.Keys.Add(new ConfigurationKey(PathOf(key), $"{type} (list)", "[]", doc));
        _asked.Add(key);
        if (Outside(key) is var (text, place, _))
        {
            var words = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            Show(key, words, place);
            return ParseAll(key, words.Select(entry => (entry, place)), parse);
        }

        var child = Child(key);
        Show(key, child is YamlList { Items: var items } ? items.Select(entry => (entry as YamlScalar)?.Text ?? "").ToArray() : Array.Empty<string>(), child is null ? null : PlaceOf(child));
        return child switch
        {
            null => [],
            YamlList list => ParseAll(key, list.Items.Select(entry => (TextOf(key, entry), PlaceOf(entry))), parse),
            YamlScalar one when takesOne => ParseAll(key, [(TextOf(key, one), PlaceOf(one))], parse),
            var other => Wrong<IReadOnlyList<T>>(key, other, $"it must be a list of: {type}", []),
        };
    }

    /// <summary>A map of its own.</summary>
    public ConfigurationSection Section(string key)
    {
        _asked.Add(key);
        return Child(key) switch
        {
            YamlMap map => new ConfigurationSection(reader, PathOf(key), Below(key), map, PlaceOf(map)),
            null => new ConfigurationSection(reader, PathOf(key), Below(key), null, where),
            var other => Wrong(key, other, "it must be a map of keys", new ConfigurationSection(reader, PathOf(key), Below(key), null, where)),
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
            case YamlList list:
                if (list.Items.Length == 0)
                {
                    Describe(key, read);
                }

                return [.. list.Items.Select((entry, number) => Entry(key, entry, number, read))];
            case var other:
                return Wrong<IReadOnlyList<T>>(key, other, "it must be a list of maps", []);
        }
    }

    /// <summary>A map with any keys, whose values are of the types that YAML's core schema says.</summary>
    public YamlMap FreeMap(string key, string doc)
    {
        reader.Keys.Add(new ConfigurationKey(PathOf(key), "map", "{}", doc));
        _asked.Add(key);
        if (Outside(key) is var (_, place, _))
        {
            reader.Problems.Add(new ConfigurationProblem(place, PathOf(key), "a map can only be set in the file"));
        }

        Show(key, Child(key) as YamlMap ?? YamlMap.Empty, Child(key) is { } given ? PlaceOf(given) : null);
        switch (Child(key))
        {
            case null:
                return YamlMap.Empty;
            case YamlMap map:
                reader.Problems.AddRange(CoreSchema.Faults(map, PathOf(key)).Take(MostFaults)
                    .Select(fault => new ConfigurationProblem($"{reader.File}:{fault.Line}", fault.Path, fault.Problem) { Column = fault.Column }));
                return map;
            case var other:
                return Wrong(key, other, "it must be a map", YamlMap.Empty);
        }
    }

    /// <summary>Tells every key that the file has here and nobody asked for.</summary>
    public void Close()
    {
        foreach (var (key, _) in node?.Entries ?? [])
        {
            if (!_asked.Contains(key.Text))
            {
                if (Suggestion.Nearest(key.Text, _asked) is { } meant)
                {
                    // It is there, misspelt: that alone is the problem.
                    var own = reader.Problems[_formerProblems..];
                    own.RemoveAll(problem => problem.IsMissing && IsOrIsBelow(problem.Key, PathOf(meant)));
                    reader.Problems.RemoveRange(_formerProblems, reader.Problems.Count - _formerProblems);
                    reader.Problems.AddRange(own);
                }

                var why = CoreSchema.AmbiguityOf(key) is { } ambiguity ? $": {ambiguity}" : Suggestion.For(key.Text, _asked);
                reader.Problems.Add(new ConfigurationProblem(PlaceOf(key), PathOf(key.Text), $"there is no such key{why}") { Column = key.Column });
            }
        }
    }

    /// <summary>A problem that concerns a key here; it is told with the place of the value that counts.</summary>
    public void Problem(string key, string message) => Problem(key, message, place: null);

    private void Problem(string key, string message, string? place) =>
        reader.Problems.Add(new ConfigurationProblem(place ?? Outside(key)?.Where ?? (Child(key) is { } child ? PlaceOf(child) : where), PathOf(key), message));

    /// <summary>Tells which entries of a list are alike, where only one may be so, with the place of the second.</summary>
    public void Repeated<T, TName>(string key, IEnumerable<T> entries, Func<T, TName> keyOf, Func<TName, int, string> tell)
        where TName : notnull
    {
        var keys = entries.Select(keyOf).ToList();
        foreach (var (alike, count) in keys.CountBy(one => one).Where(entry => entry.Value > 1))
        {
            // Entries with faults of their own may have been left out.
            var second = keys.IndexOf(alike, keys.IndexOf(alike) + 1);
            Problem(key, tell(alike, count), Child(key) is YamlList list && list.Items.Length == keys.Count ? PlaceOf(list.Items[second]) : null);
        }
    }

    private T Entry<T>(string key, YamlNode entry, int number, Func<ConfigurationSection, T> read)
    {
        if (entry is not YamlMap)
        {
            reader.Problems.Add(new ConfigurationProblem(PlaceOf(entry), PathOf(key), "each entry must be a map of keys") { Column = entry.Column });
        }

        var section = new ConfigurationSection(reader, $"{PathOf(key)}[]", $"{Below(key)}[{number}]", entry as YamlMap, PlaceOf(entry));
        var value = read(section);
        section.Close();
        return value;
    }

    // The keys of a list's entries belong to the reference even when the list is empty; their absence is no problem.
    private void Describe<T>(string key, Func<ConfigurationSection, T> read)
    {
        var (problems, shown) = (reader.Problems.Count, reader.Shown.Count);
        read(new ConfigurationSection(reader, $"{PathOf(key)}[]", $"{Below(key)}[]", null, where));
        reader.Problems.RemoveRange(problems, reader.Problems.Count - problems);
        reader.Shown.RemoveRange(shown, reader.Shown.Count - shown);
    }

    private string Below(string key) => shownPath.Length == 0 ? key : $"{shownPath}.{key}";

    private (string Text, string Place)? Shown(string key, (string Text, string Place)? found, string? defaultText = null)
    {
        if (found is var (text, place))
        {
            Show(key, text, place);
        }
        else if (defaultText is not null)
        {
            Show(key, defaultText, place: null);
        }

        return found;
    }

    private void Show(string key, object value, string? place)
    {
        var source = place is null ? ValueSource.Default
            : Outside(key) is not { } outside ? ValueSource.File
            : outside.IsFlag ? ValueSource.Flag
            : ValueSource.Environment;
        reader.Shown.Add(new ConfigurationValue(Below(key), value, source, place));
    }

    // Of a list's entries none can be meant: a key has no place in the list.
    private (string Value, string Where, bool IsFlag)? Outside(string key) => path.Contains("[]", StringComparison.Ordinal) ? null : reader.Outside.Find(PathOf(key));

    private (string Text, string Place)? Find(string key)
    {
        _asked.Add(key);
        if (Outside(key) is var (value, place, _))
        {
            return (value, place);
        }

        return Child(key) switch
        {
            null => null,
            YamlScalar scalar => (TextOf(key, scalar), PlaceOf(scalar)),
            var other => Wrong<(string, string)?>(key, other, "it must be a single value", null),
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

    private static bool IsOrIsBelow(string path, string ancestor) =>
        path.StartsWith(ancestor, StringComparison.Ordinal) && (path.Length == ancestor.Length || path[ancestor.Length] == '.');

    private T Wrong<T>(string key, YamlNode child, string message, T fallback)
    {
        reader.Problems.Add(new ConfigurationProblem(PlaceOf(child), PathOf(key), message) { Column = child.Column });
        return fallback;
    }

    private YamlNode? Child(string key) => node?[key] is { } child and not YamlScalar { IsNull: true } ? child : null;

    private string PlaceOf(YamlNode child) => $"{reader.File}:{child.Line}";

    // The key says the type. What the two generations of YAML read as different values is refused even so.
    private string TextOf(string key, YamlNode child)
    {
        if (child is not YamlScalar scalar)
        {
            return "";
        }

        if (CoreSchema.AmbiguityOf(scalar) is { } ambiguity)
        {
            reader.Problems.Add(new ConfigurationProblem(PlaceOf(child), PathOf(key), $"\"{scalar.Text}\": {ambiguity}") { Column = child.Column });
        }

        return scalar.Text;
    }
}
