namespace Mayu.Core.Yaml;

/// <summary>What a document says of a scalar's type.</summary>
public enum YamlTag
{
    /// <summary>Nothing, and no quotes: the spelling decides.</summary>
    Plain,

    /// <summary>It is a text: quotes, a block, <c>!</c> or <c>!!str</c>.</summary>
    Text,

    /// <summary><c>!!int</c>.</summary>
    Whole,

    /// <summary><c>!!float</c>.</summary>
    Real,

    /// <summary><c>!!bool</c>.</summary>
    Boolean,

    /// <summary><c>!!null</c>.</summary>
    Null,
}
