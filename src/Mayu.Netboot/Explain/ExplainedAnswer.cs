namespace Mayu.Netboot.Explain;

/// <summary>What would be answered.</summary>
/// <param name="Answers">Whether the client can go on with it; false: silence.</param>
/// <param name="Detail">It, as half a sentence.</param>
internal readonly record struct ExplainedAnswer(bool Answers, string Detail)
{
    /// <summary>No answer, and why.</summary>
    public static ExplainedAnswer Silence(string why) => new(false, $"no answer: {why}");
}
