using Mayu.Primitives;

namespace Mayu.Core.Yaml;

/// <summary>YAML that is not taken: it is none, it goes beyond <see cref="YamlLimits"/>, or it can be read in two ways.</summary>
/// <param name="problem">What is wrong and what would be right. It never carries a value, which may be a secret.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="column">The column, from 1.</param>
/// <param name="path">The keys that lead there, <c>storage.files[2].mode</c>; empty where none is known.</param>
/// <param name="detail">The end of that sentence, where it is about the value itself.</param>
public sealed class YamlFaultException(string problem, int line, int column, string path = "", string detail = "")
    : Exception(path.Length == 0 ? problem + detail : $"{path}: {problem}{detail}")
{
    /// <summary>What is wrong, without the path.</summary>
    public string Problem => problem + detail;

    /// <summary>The same without the detail.</summary>
    public string BareProblem => problem;

    /// <summary>The keys that lead there; empty where none is known.</summary>
    public string Path => path;

    /// <summary>The same of a document that may have secrets in it: without details of the value, and only with the keys that may be shown.</summary>
    /// <param name="isShown">Whether a key may be shown.</param>
    public YamlFaultException WithoutValues(Func<string, bool> isShown)
    {
        // A word is quoted at the beginning, and what is near a key behind it.
        var (said, keys) = (problem.StartsWith('`') ? FailureText.WithoutQuotes(problem) : problem, path.Split('.'));
        var shown = keys.TakeWhile(key => isShown(WithoutIndex(key))).ToList();
        return new(shown.Count < keys.Length ? said.Split("; did you mean", 2)[0] : said, line, column, string.Join('.', shown));
    }

    // files[2] is the key files.
    private static string WithoutIndex(string key) => key.LastIndexOf('[') is >= 0 and var at && key.AsSpan(at).TrimStart('[').TrimEnd(']') is var index && int.TryParse(index, out _) ? key[..at] : key;

    /// <summary>The line, from 1.</summary>
    public int Line => line;

    /// <summary>The column, from 1.</summary>
    public int Column => column;
}
