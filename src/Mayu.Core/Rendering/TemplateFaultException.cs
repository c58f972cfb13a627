using Scriban.Parsing;
using Scriban.Syntax;

namespace Mayu.Core.Rendering;

/// <summary>
/// What is wrong with a template, in a sentence of this program. Only such sentences are shown: a message of Scriban or of the framework may repeat a value,
/// which may be a secret.
/// </summary>
/// <param name="place">Where it is; the default: where the function was called.</param>
/// <param name="problem">The sentence. Of the template it repeats its own text at most, never a value.</param>
internal sealed class TemplateFaultException(SourceSpan place, string problem) : ScriptRuntimeException(place, problem)
{
    /// <summary>A text has become too long.</summary>
    public static readonly string TooLongText = $"the text becomes longer than the {RenderBudget.MaxText} characters that are allowed";

    /// <summary>What is wrong with the arguments of a function.</summary>
    /// <param name="problem">The sentence.</param>
    public TemplateFaultException(string problem)
        : this(default, problem)
    {
    }

    /// <summary>Whether it knows where it is.</summary>
    public bool HasPlace => Span.FileName is not null;

    /// <summary>The one that an exception is or was caused by; null if there is none.</summary>
    /// <param name="failure">The exception.</param>
    public static TemplateFaultException? In(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is TemplateFaultException fault)
            {
                return fault;
            }
        }

        return null;
    }
}
