using Scriban.Parsing;
using Scriban.Syntax;

namespace Mayu.Core.Rendering;

/// <summary>
/// How long one rendering may take and how much text it may make on the way. Nothing interrupts a template from outside: it is stopped at
/// its next step, and each step is bounded by itself, so a rendering ends within a second also when all threads are busy.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class RenderBudget(TimeProvider time)
{
    /// <summary>The longest text that a template prints or a function gives, in characters.</summary>
    public const int MaxText = 4 * 1024 * 1024;

    /// <summary>The work of a regular expression, which may take as long as that many small steps.</summary>
    public const int RegexWork = 4000;

    // A step takes at most some tenths of a second, the longest being a regular expression.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(700);

    // Who does less is not asked for the time: on a busy host, or in a program that has just started, a small template may take long as well.
    private const long SmallWork = 20_000;

    // This many characters of a text are as much work as a small step.
    private const int TextPerStep = 64;

    // All texts that it makes, also those that it does not print: they are in the memory at once.
    private const long MaxMade = 16L * MaxText;

    private readonly long _start = time.GetTimestamp();

    private long _work;
    private long _made;

    /// <summary>The longest time that a regular expression may take for one match.</summary>
    public static TimeSpan RegexLimit { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Counts a step.</summary>
    /// <param name="node">What was evaluated.</param>
    /// <param name="value">What it gave.</param>
    /// <param name="values">How many values are in that.</param>
    /// <exception cref="TemplateFaultException">It was one too many.</exception>
    public void Spend(ScriptNode? node, object? value, int values)
    {
        var length = LengthOf(value);
        Work(values + (length / TextPerStep));
        _made += node switch
        {
            ScriptRawStatement raw => raw.Text.Length,
            ScriptFunctionCall or ScriptPipeCall or ScriptBinaryExpression => length,
            _ => 0,
        };
        if (_made > MaxMade)
        {
            throw new TemplateFaultException(node!.Span, $"it makes more than the {MaxMade} characters of text that are allowed while it is rendered: look at its loops");
        }

        ThrowIfOver(node?.Span ?? default);
    }

    /// <summary>Ends the rendering if it has taken too long.</summary>
    /// <param name="place">Where it is; the default: in a function.</param>
    /// <exception cref="TemplateFaultException">It has.</exception>
    public void ThrowIfOver(SourceSpan place = default)
    {
        if (_work > SmallWork && time.GetElapsedTime(_start) > Limit)
        {
            throw new TemplateFaultException(place, "rendering takes longer than the second that is allowed: look at its loops and regular expressions");
        }
    }

    /// <summary>Counts work beside the step itself.</summary>
    /// <param name="steps">As many small steps as it takes.</param>
    public void Work(int steps) => _work += steps;

    /// <summary>Counts the bytes of a file, which are text or become text.</summary>
    public void Embed(int bytes) => _made += bytes;

    private static int LengthOf(object? value) => value switch
    {
        string text => text.Length,
        EncodedText encoded => encoded.Text.Length,
        _ => 0,
    };
}
