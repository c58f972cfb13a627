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
            own.Prepare(snippet);
        }

        var text = _include.Invoke(context, callerContext!, arguments, blockStatement!)?.ToString() ?? "";
        return new EncodedText(text) { Map = (context as MappedTemplateContext)?.LastPage };
    }

    public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult<object?>(Invoke(context, callerContext, arguments, blockStatement));
}
