namespace Mayu.Core.Yaml;

/// <summary>The types of a scalar in YAML's core schema (YAML 1.2 §10.3).</summary>
public enum YamlKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>Nothing.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number that need not be whole.</summary>
    Real,
}
