using Mayu.Core.Rendering;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Mayu.Core.Provisioning;

/// <summary>
/// One of Scriban's functions of regular expressions with a bound for the expression: the limit of time holds for a match, not for reading
/// the expression, and what Scriban says of a faulty one repeats it.
/// </summary>
internal sealed class BoundedRegex(IScriptCustomFunction function) : IScriptCustomFunction
{
    private const int MaxPattern = 1000;

    public int RequiredParameterCount => function.RequiredParameterCount;

    public int ParameterCount => function.ParameterCount;

    public ScriptVarParamKind VarParamKind => function.VarParamKind;

    public Type ReturnType => function.ReturnType;

    public ScriptParameterInfo GetParameterInfo(int index) => function.GetParameterInfo(index);

    public object Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement)
    {
        // escape and unescape take a text alone.
        if (arguments is [_, string { Length: > MaxPattern }, ..])
        {
            throw new InvalidOperationException($"a regular expression has at most {MaxPattern} characters");
        }

        (context as CheckedTemplateContext)?.Budget.Work(RenderBudget.RegexWork);
        try
        {
            return function.Invoke(context, callerContext!, arguments, blockStatement!)!;
        }
        catch (Exception e) when (e.GetBaseException() is System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            throw new InvalidOperationException("the regular expression takes too long for this text: write it without repetitions inside repetitions", e);
        }
        catch (Exception e) when (e.GetBaseException() is ArgumentException)
        {
            throw new InvalidOperationException("this is not a regular expression", e);
        }
    }

    public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult<object?>(Invoke(context, callerContext, arguments, blockStatement));
}
