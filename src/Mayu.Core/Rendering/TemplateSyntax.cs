using System.Text.RegularExpressions;
using Mayu.Core.Yaml;
using Mayu.Primitives;
using Scriban;
using Scriban.Parsing;

namespace Mayu.Core.Rendering;

/// <summary>Parses templates. What Scriban accepts and nobody means, and what takes it long, is refused before.</summary>
internal static partial class TemplateSyntax
{
    /// <summary>A number is too long.</summary>
    public static readonly string TooManyDigits = $"a number has at most {YamlLimits.MaxNumberLength} digits";

    /// <summary>Parses one.</summary>
    /// <param name="text">The template.</param>
    /// <param name="path">Where it came from.</param>
    /// <param name="fault">What is wrong, and where, from 0; null if nothing is.</param>
    public static Template Parse(string text, string path, out (string Problem, TextPosition Place)? fault)
    {
        if (FaultOfTokens(text, path) is { } before)
        {
            fault = before;
            return Template.Parse("", path);
        }

        var template = Template.Parse(text, path);
        fault = template.HasErrors ? Told(template.Messages[0], text) : null;
        return template;
    }

    // A template that ends in code has lost all of what follows its {{, and is none the less valid.
    private static (string Problem, TextPosition Place)? FaultOfTokens(string text, string path)
    {
        var (lexer, open) = (new Lexer(text, path), (Token?)null);
        foreach (var token in lexer)
        {
            if (token.Type is TokenType.CodeEnter or TokenType.EscapeEnter)
            {
                open = token;
            }
            else if (token.Type is TokenType.CodeExit or TokenType.EscapeExit)
            {
                open = null;
            }
            else if (token.Type is TokenType.Integer or TokenType.HexaInteger or TokenType.BinaryInteger or TokenType.Float && token.End.Offset - token.Start.Offset >= YamlLimits.MaxNumberLength)
            {
                return (TooManyDigits, token.Start);
            }
        }

        return lexer.HasErrors ? Told(lexer.Errors.First(), text)
            : open is { Type: TokenType.CodeEnter } code ? ("`{{` is not closed: write }} where the code ends", code.Start)
            : open is { } escape ? ("`{%{` is not closed: write }%} where the text ends that is printed as it is", escape.Start)
            : null;
    }

    // Scriban quotes a token only in some of its messages, and one that is a full stop would be lost.
    private static (string Problem, TextPosition Place) Told(LogMessage message, string text)
    {
        const string Unexpected = "Unexpected token ";
        var said = message.Message.StartsWith(Unexpected, StringComparison.Ordinal) && !message.Message.Contains('`', StringComparison.Ordinal)
            ? $"`{message.Message[Unexpected.Length..].Trim()}` is not expected here" : FailureText.Unended(message.Message);
        return (said + HintAt(text, message.Span.Start), message.Span.Start);
    }

    private static string HintAt(string text, TextPosition place)
    {
        var from = Math.Min(Math.Max(place.Offset, 0), text.Length);
        var start = text.LastIndexOf("{{", Math.Max(0, Math.Min(from, text.Length - 1)), StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf("}}", start, StringComparison.Ordinal);
        return start >= 0 && LeadingDot().IsMatch(end < 0 ? text[start..] : text[start..end]) ? ": a variable has no dot before it: {{ machine.serial }}"
            : start >= 0 && text.AsSpan(start).StartsWith("{{ $") ? ": a variable is set without $ and colon: {{ x = 1 }}"
            : "";
    }

    // Go's and Helm's templates write .machine.serial.
    [GeneratedRegex(@"(^\{\{[-~]?|[\s(|])\s*\.[A-Za-z_]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LeadingDot();
}
