using System.Collections.Immutable;

namespace Mayu.Core.Yaml;

/// <summary>A map. Each key is there once.</summary>
public sealed class YamlMap : YamlNode
{
    private readonly Dictionary<string, YamlNode> _byKey;

    internal YamlMap(int line, int column, ImmutableArray<YamlEntry> entries)
        : base(line, column)
    {
        Entries = entries;
        _byKey = new Dictionary<string, YamlNode>(entries.Length, StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            _byKey.Add(key.Text, value);
            Nodes += value.Nodes + 1;
            Length += value.Length + key.Length;
            Height = Math.Max(Height, value.Height);
        }

        Height++;
    }

    /// <summary>A map with nothing in it.</summary>
    public static YamlMap Empty { get; } = new(1, 1, []);

    /// <summary>Its keys and values, in the order of the file.</summary>
    public ImmutableArray<YamlEntry> Entries { get; }

    /// <summary>The value of a key; null where the key is not there.</summary>
    public YamlNode? this[string key] => _byKey.GetValueOrDefault(key);
}

/// <summary>A key of a map, and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">Its value.</param>
public readonly record struct YamlEntry(YamlScalar Key, YamlNode Value);
