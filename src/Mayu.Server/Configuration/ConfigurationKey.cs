namespace Mayu.Server.Configuration;

/// <summary>One key of the configuration, as the reference shows it.</summary>
/// <param name="Path">Dotted; <c>[]</c> stands for the entries of a list.</param>
/// <param name="Type">What kind of value it takes.</param>
/// <param name="Default">What holds without it; null: it must be given.</param>
/// <param name="Doc">What it does.</param>
internal sealed record ConfigurationKey(string Path, string Type, string? Default, string Doc);

/// <summary>One value of the configuration, and where it comes from.</summary>
/// <param name="Path">Dotted; the entries of a list have their number, from 0.</param>
/// <param name="Value">The text, <see cref="IReadOnlyList{T}"/> of texts or <see cref="Core.Yaml.YamlMap"/>, as it is written; of a default, what the reference says.</param>
/// <param name="Source">What it comes from.</param>
/// <param name="Where">The place in the file, the variable or the flag; null of a default.</param>
internal sealed record ConfigurationValue(string Path, object Value, ValueSource Source, string? Where);

/// <summary>What a value comes from.</summary>
internal enum ValueSource
{
    /// <summary>Nobody set it.</summary>
    Default,

    /// <summary>The configuration file.</summary>
    File,

    /// <summary>A variable of the environment.</summary>
    Environment,

    /// <summary><c>--set</c>.</summary>
    Flag,
}
