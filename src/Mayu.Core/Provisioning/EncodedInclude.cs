using Mayu.Core.Rendering;
using Scriban;
using Scriban.Functions;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Mayu.Core.Provisioning;

/// <summary><c>include</c>: what a snippet rendered was checked while it was rendered, so it may stand as it is.</summary>
internal sealed class EncodedInclude : IScriptCustomFunction
{
    private readonly IncludeFunction _include = new();

    public int RequiredParameterCount => _include.RequiredParameterCount;

    public int ParameterCount => _include.ParameterCount;

    public ScriptVarParamKind VarParamKind => _include.VarParamKind;

    public Type ReturnType => typeof(EncodedText);

    public ScriptParameterInfo GetParameterInfo(int index) => _include.GetParameterInfo(index);

    public object Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement)
    {
        if (context is CheckedTemplateContext own && arguments is [string snippet, ..])
        {
            Prepare(own, callerContext, snippet);
        }

        var text = _include.Invoke(context, callerContext!, arguments, blockStatement!)?.ToString() ?? "";
        return new EncodedText(text) { Map = (context as MappedTemplateContext)?.LastPage };
    }

    // A name that is computed may be a value like any other, so messages do not have it.
    private static void Prepare(CheckedTemplateContext context, ScriptNode? call, string snippet)
    {
        var (shown, isLiteral) = TemplateCode.ArgumentOf(call, snippet);
        if (!TemplateLibrary.IsPlainPath(snippet))
        {
            throw new TemplateFaultException($"{(isLiteral ? $"\"{snippet}\"" : $"`{shown}`")}: the name of a snippet is a relative path of plain segments (letters, digits, . _ -)");
        }

        try
        {
            context.Prepare(snippet);
        }
        catch (TemplateException) when (!isLiteral)
        {
            throw new TemplateFaultException($"`{shown}`: there is no snippet of this name, or it is malformed");
        }
    }

    public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult<object?>(Invoke(context, callerContext, arguments, blockStatement));
}
