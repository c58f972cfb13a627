namespace Mayu.Core.Yaml;

/// <summary>How much of YAML is read, whoever wrote it: the configuration and what templates print have the same limits.</summary>
public static class YamlLimits
{
    /// <summary>The most characters that a document has (UTF-16 units).</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    /// <summary>The most characters that its texts have together once its aliases are followed.</summary>
    public const int MaxExpandedLength = 2 * MaxLength;

    /// <summary>How deep maps and lists may stand in one another, aliases followed.</summary>
    public const int MaxDepth = 64;

    /// <summary>The most nodes (maps, lists, keys and values) that it has once its aliases are followed.</summary>
    public const int MaxNodes = 100_000;

    /// <summary>The most aliases (<c>*name</c>).</summary>
    public const int MaxAliases = 1_000;

    /// <summary>The most characters of a number.</summary>
    public const int MaxNumberLength = 100;
}
