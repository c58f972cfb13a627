using System.Text.RegularExpressions;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Mayu.Core.Rendering;

/// <summary>
/// What Scriban finds wrong, in sentences that repeat the template's own text at most. Scriban's messages only say which kind of fault it is: they
/// repeat values, and with them secrets.
/// </summary>
internal static class FaultSentence
{
    // The first whose words are in Scriban's message. {0} is what is written there.
    private static readonly (string Words, string Sentence)[] Kinds =
    [
        ("is not a number", "`{0}` needs a number: put string.to_int or string.to_double before it if the value is a text of digits"),
        ("divide by 0", "`{0}` divides by 0"),
        ("divide by zero", "`{0}` divides by 0"),
        ("recursive depth limit", "functions or snippets call one another more than 20 deep at `{0}`, which is not allowed"),
        ("near to stack overflow", "`{0}` is nested too deep"),
        ("iteration limit", "`{0}` goes on for more than 10000 rounds, which are allowed"),
        ("exceeds LoopLimit", "`{0}` has more than 10000 values, which are allowed"),
        ("OutputLimit", $"the template prints more than the {RenderBudget.MaxText} characters that are allowed"),
        ("LimitToString", TemplateFaultException.TooLongText),
        ("maximum supported magnitude", "the number that `{0}` makes is too large"),
        ("maximum supported integer", "the number that `{0}` makes is too large"),
        ("maximum supported array length", "the list that `{0}` makes is too long"),
        ("is not a function. Maybe prefix", "`{0}` needs the name of a function, with @ before it"),
        ("Invalid target function", "`{0}` calls what is not a function"),
        ("is not a valid function", "what is behind | in `{0}` is not a function"),
        ("Cannot pass argument", "`{0}` has an argument with a name that the function does not know"),
        ("is a statement and cannot be used", "`{0}` is a statement, which has no value"),
        ("can only be used inside for/while", "`{0}` is not inside a loop"),
        ("readonly", "`{0}` sets what cannot be changed"),
        ("Cannot set", "`{0}` sets what cannot be changed"),
        ("Operator", "the operator in `{0}` cannot be used with such values"),
        ("operator", "the operator in `{0}` cannot be used with such values"),
        ("null", "`{0}` uses a value that is null or missing"),
        ("out of bounds", "`{0}` has an index beyond the end"),
        ("out of range", "`{0}` has a number that is out of range"),
        ("must be between", "`{0}` has a number that is out of range"),
        ("(Parameter '", "`{0}` has an argument that the function does not take"),
        ("Unable to convert", "`{0}` has a value of another type than is needed there"),
    ];

    /// <summary>The sentence.</summary>
    /// <param name="failure">What Scriban found.</param>
    /// <param name="node">The innermost part of the template that it was found at.</param>
    /// <param name="context">The rendering.</param>
    /// <param name="valueOf">Evaluates a part once more, whose kind is named; null if that fails.</param>
    public static string Of(Exception failure, ScriptNode node, TemplateContext context, Func<ScriptNode, object?> valueOf)
    {
        var message = failure is ScriptRuntimeException scriban ? scriban.OriginalMessage : failure.Message;
        return failure.GetBaseException() is RegexMatchTimeoutException ? $"`{TemplateCode.Of(node)}` takes too long for this text"
            : node switch
            {
                _ when message.Contains("was not found", StringComparison.Ordinal) && FirstOf(node) is { } variable => MissingName.Of(variable, context),
                ScriptMemberExpression member when message.StartsWith("Cannot get", StringComparison.Ordinal) => OfMember(member, valueOf),
                ScriptMemberExpression member when message.Contains("is null", StringComparison.Ordinal) => OfMember(member, valueOf),
                ScriptForStatement { Iterator: { } iterator } when message.StartsWith("Unexpected type", StringComparison.Ordinal) =>
                    $"`{TemplateCode.Of(iterator)}` is {KindOf(valueOf(iterator))}: only a list can be looped over",
                _ when message.StartsWith("Invalid number of arguments", StringComparison.Ordinal) || message.StartsWith("Argument index must be", StringComparison.Ordinal) => OfArguments(node, valueOf),
                _ => string.Format(System.Globalization.CultureInfo.InvariantCulture, Kinds.FirstOrDefault(kind => message.Contains(kind.Words, StringComparison.Ordinal)).Sentence
                    ?? "`{0}` cannot be evaluated with these values", TemplateCode.Of(node)),
            };
    }

    /// <summary>What kind of value it is, as a message says it.</summary>
    /// <param name="value">The value.</param>
    public static string KindOf(object? value) => value switch
    {
        null => "null",
        string or EncodedText => "a text",
        bool => "a boolean",
        ScriptArray or ScriptRange => "a list",
        IScriptCustomFunction => "a function",
        ScriptObject => "a map",
        int or long or double or float or decimal or System.Numerics.BigInteger or SpelledNumber => "a number",
        BinaryFile => "a file that is no text",
        _ => "another value",
    };

    private static string OfMember(ScriptMemberExpression member, Func<ScriptNode, object?> valueOf) => valueOf(member.Target!) switch
    {
        ScriptObject map when map.Contains(member.Member?.Name ?? "") => $"`{TemplateCode.Of(member)}` is null",
        ScriptObject map => MissingName.Of(member, map),
        ScriptArray => $"`{TemplateCode.Of(member.Target)}` is a list and has no `{member.Member?.Name}`: loop over it, or take one with array.first or [0]",
        null when member.Target is ScriptMemberExpression inner => OfMember(inner, valueOf),
        null => $"`{TemplateCode.Of(member.Target)}` is null or missing, so there is no `{TemplateCode.Of(member)}`",
        var other => $"`{TemplateCode.Of(member.Target)}` is {KindOf(other)}, which has no `{member.Member?.Name}`",
    };

    // Of a.b[c] | d it is a.
    private static ScriptVariable? FirstOf(ScriptNode? node) => node switch
    {
        ScriptVariable variable => variable,
        ScriptMemberExpression member => FirstOf(member.Target),
        ScriptIndexerExpression indexer => FirstOf(indexer.Target),
        ScriptFunctionCall call => FirstOf(call.Target),
        ScriptPipeCall pipe => FirstOf(pipe.From),
        ScriptExpressionStatement statement => FirstOf(statement.Expression),
        _ => null,
    };

    private static string OfArguments(ScriptNode node, Func<ScriptNode, object?> valueOf)
    {
        var target = node switch { ScriptFunctionCall call => call.Target, ScriptPipeCall { To: var to } => to is ScriptFunctionCall piped ? piped.Target : to, _ => node } ?? node;
        if (target is ScriptBinaryExpression { Left: { } left })
        {
            target = left;
        }

        var name = TemplateCode.Of(target);
        if (valueOf(target) is not IScriptCustomFunction function)
        {
            return $"`{name}` is called with too many arguments or too few";
        }

        // The value is an argument for Scriban and none for who writes value | function.
        if (function is IFreeFunction { TakesValue: false })
        {
            return $"`{name}` takes one argument: {{{{ {name} {NameOf(function, 0)} }}}}";
        }

        var (least, most) = (Math.Max(0, function.RequiredParameterCount - 1), Math.Max(0, function.ParameterCount - 1));
        var count = most == 0 ? "no arguments" : least == most ? least == 1 ? "one argument" : $"{least} arguments" : $"{least} to {most} arguments";
        var parameters = string.Concat(Enumerable.Range(1, most).Select(i => $" {(i > least ? $"[{NameOf(function, i).Trim('[', ']')}]" : NameOf(function, i))}"));
        return $"`{name}` takes {count} behind the value: {{{{ VALUE | {name}{parameters} }}}}{(IsSubtracted(target) ? $"; put a negative number in brackets: {name} (-1)" : "")}";
    }

    private static string NameOf(IScriptCustomFunction function, int index) => function.GetParameterInfo(index).Name.ToUpperInvariant();

    // x | f -1 is f minus one.
    private static bool IsSubtracted(ScriptNode function)
    {
        for (var node = function; node is not null and not ScriptStatement; node = node.Parent)
        {
            if (node.Parent is ScriptBinaryExpression { Operator: ScriptBinaryOperator.Subtract } minus && ReferenceEquals(minus.Left, node))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A function that may be called without a value before it.</summary>
internal interface IFreeFunction
{
    /// <summary>Whether a value is passed to it.</summary>
    bool TakesValue { get; }
}
