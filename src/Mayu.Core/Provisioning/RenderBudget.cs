using Scriban.Syntax;

namespace Mayu.Core.Provisioning;

/// <summary>
/// How long one rendering may take and how much text it may make on the way. Nothing interrupts a template from outside: it is stopped at
/// its next step, and each step is bounded by itself, so a rendering ends within a second also when all threads are busy.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class RenderBudget(TimeProvider time)
{
    /// <summary>The longest text that a template prints or a function gives, in characters.</summary>
    public const int MaxText = 4 * 1024 * 1024;

    // A step takes at most some tenths of a second, the longest being a regular expression.
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(700);

    // All texts that it makes, also those that it does not print: they are in the memory at once.
    private const long MaxMade = 16L * MaxText;

    // The clock costs as much as a small step.
    private const int StepsBetweenLooks = 16;

    private readonly long _start = time.GetTimestamp();

    private int _steps;
    private long _made;

    /// <summary>The longest time that a regular expression may take for one match.</summary>
    public static TimeSpan RegexLimit { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Counts a step.</summary>
    /// <param name="node">What was evaluated.</param>
    /// <param name="value">What it gave.</param>
    /// <exception cref="ScriptRuntimeException">It was one too many.</exception>
    public void Spend(ScriptNode? node, object? value)
    {
        var makes = node is ScriptFunctionCall or ScriptPipeCall or ScriptBinaryExpression;
        _made += node is ScriptRawStatement raw ? raw.Text.Length : makes ? LengthOf(value) : 0;
        if (_made > MaxMade)
        {
            throw new ScriptRuntimeException(node!.Span, $"it makes more than the {MaxMade} characters of text that are allowed while it is rendered: look at its loops");
        }

        if ((makes || ++_steps % StepsBetweenLooks == 0) && time.GetElapsedTime(_start) > Limit)
        {
            throw new ScriptRuntimeException(node?.Span ?? default, "rendering takes longer than the second that is allowed: look at its loops and regular expressions");
        }
    }

    private static int LengthOf(object? value) => value switch
    {
        string text => text.Length,
        EncodedText encoded => encoded.Text.Length,
        _ => 0,
    };
}
