using Mayu.Core.Yaml;
using Scriban;
using Scriban.Parsing;
using Scriban.Syntax;

namespace Mayu.Core.Rendering;

/// <summary>
/// A number of the operator's variables that Scriban would print otherwise than it is spelled: 1.30, 0x1A4, a long one. Printed it is what was
/// written; to calculate and to compare with it is the number.
/// </summary>
internal sealed class SpelledNumber(YamlNumber number) : IScriptCustomType
{
    public string TypeName => "number";

    /// <summary>The number as JSON.</summary>
    public string Json => number.Json;

    private object Value => number.Value;

    public override string ToString() => number.Spelling;

    public bool TryEvaluate(
        TemplateContext context, SourceSpan span, ScriptBinaryOperator op, SourceSpan leftSpan, object? leftValue, SourceSpan rightSpan, object? rightValue, out object? result)
    {
        // Beside a text it is one: "v" + vars.version.
        var isText = leftValue is string || rightValue is string;
        result = ScriptBinaryExpression.Evaluate(context, span, op, leftSpan, Plain(leftValue, isText), rightSpan, Plain(rightValue, isText));
        return true;
    }

    public bool TryEvaluate(TemplateContext context, SourceSpan span, ScriptUnaryOperator op, object rightValue, out object result)
    {
        result = ScriptUnaryExpression.Evaluate(context, span, op, Plain(rightValue, isText: false))!;
        return result is not null;
    }

    public bool TryConvertTo(TemplateContext context, SourceSpan span, Type type, out object value)
    {
        value = type == typeof(string) ? number.Spelling : type.IsInstanceOfType(this) ? this : context.ToObject(span, number.Value, type)!;
        return value is not null;
    }

    private static object? Plain(object? value, bool isText) => value is SpelledNumber spelled ? (isText ? spelled.ToString() : spelled.Value) : value;
}
