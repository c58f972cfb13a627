using System.Collections.Immutable;

namespace Mayu.Core.Yaml;

/// <summary>A list.</summary>
public sealed class YamlList : YamlNode
{
    internal YamlList(int line, int column, ImmutableArray<YamlNode> items)
        : base(line, column)
    {
        Items = items;
        foreach (var item in items)
        {
            Nodes += item.Nodes;
            Length += item.Length;
            Height = Math.Max(Height, item.Height);
        }

        Height++;
    }

    /// <summary>What is in it.</summary>
    public ImmutableArray<YamlNode> Items { get; }
}
