using System.Collections.Immutable;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Mayu.Core.Provisioning;

/// <summary>A function of templates: <c>{{ value | name argument }}</c>. Pure: the same arguments give the same result, at any time and on any host.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Behind the value, in order. One in square brackets may be left out.</param>
/// <param name="Doc">What it gives, for the documentation.</param>
/// <param name="Call">The value and the arguments in, the result out. An <see cref="InvalidOperationException"/> says what is wrong with them.</param>
internal sealed record TemplateFunction(string Name, ImmutableArray<string> Parameters, string Doc, Func<ScriptArray, object?> Call) : IScriptCustomFunction
{
    /// <inheritdoc/>
    public int RequiredParameterCount => 1 + Parameters.Count(name => name[0] != '[');

    /// <inheritdoc/>
    public int ParameterCount => 1 + Parameters.Length;

    /// <inheritdoc/>
    public ScriptVarParamKind VarParamKind => ScriptVarParamKind.None;

    /// <inheritdoc/>
    public Type ReturnType => typeof(object);

    /// <inheritdoc/>
    public ScriptParameterInfo GetParameterInfo(int index) => new(typeof(object), index == 0 ? "value" : Parameters[index - 1]);

    /// <inheritdoc/>
    public object Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) => Bounded(Call(arguments))!;

    /// <inheritdoc/>
    public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult(Bounded(Call(arguments)));

    // Encoded text can be encoded again and again; Scriban bounds plain text alone.
    private static object? Bounded(object? result) => result is EncodedText { Text.Length: > RenderBudget.MaxText } or string { Length: > RenderBudget.MaxText }
        ? throw TemplateFunctions.TooLong()
        : result;
}
