using Mayu.Primitives;
using Scriban.Syntax;

namespace Mayu.Core.Rendering;

/// <summary>A template's own text, as messages quote it: what is written there and not what it comes to.</summary>
internal static class TemplateCode
{
    private const int Longest = 80;

    /// <summary>What is written for a part of a template, in one line and cut where it is long.</summary>
    /// <param name="node">The part.</param>
    public static string Of(ScriptNode? node)
    {
        var text = string.Join(' ', (node?.ToString() ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        text = string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format ? '?' : c));
        return text.Length <= Longest ? text : CutText.Of(text, Longest) + "…";
    }

    /// <summary>The last argument of a call.</summary>
    /// <param name="call">The call, as a function is told about it.</param>
    /// <param name="value">What the argument came to.</param>
    /// <returns>The value if the template has it as a literal, else what is written for it.</returns>
    public static (string Text, bool IsLiteral) ArgumentOf(ScriptNode? call, object? value)
    {
        var arguments = (call as ScriptFunctionCall)?.Arguments.ToList() ?? [];
        for (var node = call; node is not null and not ScriptStatement; node = node.Parent)
        {
            if (node is ScriptPipeCall { From: { } piped })
            {
                arguments.Insert(0, piped);
                break;
            }
        }

        return arguments.OfType<ScriptLiteral>().Any(literal => literal.Value is string text && text == value as string) ? ((string)value!, true)
            : (arguments.Count > 0 ? Of(arguments[^1]) : "", false);
    }
}
