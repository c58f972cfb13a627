using System.Collections.Immutable;
using Mayu.Core.Rendering;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Mayu.Core.Provisioning;

/// <summary>A function of templates: <c>{{ value | name argument }}</c>. Pure: the same arguments give the same result, at any time and on any host.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Behind the value, in order; the first one stands for the value if it has none. One in square brackets may be left out.</param>
/// <param name="Doc">What it gives, for the documentation.</param>
/// <param name="Call">The value and the arguments in, the result out. An <see cref="TemplateFaultException"/> says what is wrong with them.</param>
internal sealed record TemplateFunction(string Name, ImmutableArray<string> Parameters, string Doc, Func<CheckedTemplateContext, ScriptArray, object?> Call) : IScriptCustomFunction, IFreeFunction
{
    /// <summary>Whether a value is passed to it; if not, it is called with its parameters alone.</summary>
    public bool TakesValue { get; init; } = true;

    /// <inheritdoc/>
    public int RequiredParameterCount => ParameterCount - Parameters.Count(name => name[0] == '[');

    /// <inheritdoc/>
    public int ParameterCount => Parameters.Length + (TakesValue ? 1 : 0);

    /// <inheritdoc/>
    public ScriptVarParamKind VarParamKind => ScriptVarParamKind.None;

    /// <inheritdoc/>
    public Type ReturnType => typeof(object);

    /// <inheritdoc/>
    public ScriptParameterInfo GetParameterInfo(int index) => new(typeof(object), NameOf(index));

    // Scriban asks for more than there are before it counts them.
    private string NameOf(int index) => index == 0 && TakesValue ? "value" : Parameters.ElementAtOrDefault(index - (TakesValue ? 1 : 0)) ?? "none";

    /// <inheritdoc/>
    public object Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) => Called(context, callerContext, arguments)!;

    /// <inheritdoc/>
    public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult(Called(context, callerContext, arguments));

    private object? Called(TemplateContext context, ScriptNode? caller, ScriptArray arguments)
    {
        var own = (CheckedTemplateContext)context;
        own.Call = caller;
        return Bounded(Call(own, arguments));
    }

    // Encoded text can be encoded again and again; Scriban bounds plain text alone.
    private static object? Bounded(object? result) => result is EncodedText { Text.Length: > RenderBudget.MaxText } or string { Length: > RenderBudget.MaxText }
        ? throw TemplateFunctions.TooLong()
        : result;
}
