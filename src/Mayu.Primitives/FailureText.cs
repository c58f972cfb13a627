using System.Text.RegularExpressions;

namespace Mayu.Primitives;

/// <summary>What exceptions say, as part of a sentence of ours.</summary>
public static partial class FailureText
{
    /// <summary>An exception's message without its final full stop, which most of the framework's have: the sentence goes on behind it.</summary>
    /// <param name="failure">The exception.</param>
    public static string Reason(this Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return Unended(failure.Message);
    }

    /// <summary>What a library says is wrong without what it quotes, which may be a secret.</summary>
    /// <param name="sentence">What it says.</param>
    public static string WithoutQuotes(string sentence) => Quote().Replace(sentence, "…");

    /// <summary>The same of a text.</summary>
    /// <param name="sentence">What a library says is wrong.</param>
    public static string Unended(string sentence)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        return sentence.EndsWith("..", StringComparison.Ordinal) ? sentence : sentence.TrimEnd().TrimEnd('.');
    }

    // A quote begins a word; within one it is an apostrophe.
    [GeneratedRegex("(?<!\\w)(?<quote>['\"`]).*\\k<quote>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quote();
}
