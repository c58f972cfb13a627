namespace Mayu.Core.Yaml;

/// <summary>YAML that is not taken: it is none, it goes beyond <see cref="YamlLimits"/>, or it can be read in two ways.</summary>
/// <param name="problem">What is wrong and what would be right. It never carries a value, which may be a secret.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="column">The column, from 1.</param>
/// <param name="path">The keys that lead there, <c>storage.files[2].mode</c>; empty where none is known.</param>
public sealed class YamlFaultException(string problem, int line, int column, string path = "") : Exception(path.Length == 0 ? problem : $"{path}: {problem}")
{
    /// <summary>What is wrong, without the path.</summary>
    public string Problem => problem;

    /// <summary>The keys that lead there; empty where none is known.</summary>
    public string Path => path;

    /// <summary>The line, from 1.</summary>
    public int Line => line;

    /// <summary>The column, from 1.</summary>
    public int Column => column;
}
