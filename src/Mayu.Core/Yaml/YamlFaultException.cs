namespace Mayu.Core.Yaml;

/// <summary>YAML that is not taken: it is none, it goes beyond <see cref="YamlLimits"/>, or it can be read in two ways.</summary>
public sealed class YamlFaultException : Exception
{
    /// <summary>A fault at a place.</summary>
    /// <param name="problem">What is wrong and what would be right. It never carries a value, which may be a secret.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The column, from 1.</param>
    /// <param name="path">The keys that lead there, <c>storage.files[2].mode</c>; empty where none is known.</param>
    public YamlFaultException(string problem, int line, int column, string path = "")
        : base(path.Length == 0 ? problem : $"{path}: {problem}")
    {
        Problem = problem;
        Path = path;
        Line = line;
        Column = column;
    }

    /// <summary>What is wrong, without the path.</summary>
    public string Problem { get; }

    /// <summary>The keys that lead there; empty where none is known.</summary>
    public string Path { get; }

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The column, from 1.</summary>
    public int Column { get; }
}
