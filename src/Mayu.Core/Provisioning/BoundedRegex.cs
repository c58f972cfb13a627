using System.Text.RegularExpressions;
using Mayu.Core.Rendering;
using Mayu.Core.Yaml;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Mayu.Core.Provisioning;

/// <summary>
/// One of Scriban's functions of regular expressions with a bound for the expression: the limit of time holds for a match, not for reading
/// the expression, and what Scriban says of a faulty one repeats it.
/// </summary>
/// <param name="function">The function.</param>
/// <param name="findsAll">Whether it gives all matches: these are counted while they are found.</param>
internal sealed class BoundedRegex(IScriptCustomFunction function, bool findsAll) : IScriptCustomFunction
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
            throw new TemplateFaultException($"a regular expression has at most {MaxPattern} characters");
        }

        (context as CheckedTemplateContext)?.Budget.Work(RenderBudget.RegexWork);
        try
        {
            return findsAll && context is CheckedTemplateContext own ? Matches(own, arguments) : function.Invoke(context, callerContext!, arguments, blockStatement!)!;
        }
        catch (Exception e) when (e.GetBaseException() is RegexMatchTimeoutException)
        {
            throw new TemplateFaultException("the regular expression takes too long for this text: write it without repetitions inside repetitions");
        }
        catch (Exception e) when (e.GetBaseException() is ArgumentException)
        {
            throw new TemplateFaultException("this is not a regular expression");
        }
    }

    private static ScriptArray Matches(CheckedTemplateContext context, ScriptArray arguments)
    {
        var (text, found, values) = (context.ObjectToString(arguments[0]) ?? "", new ScriptArray(), 0);
        var regex = new Regex(context.ObjectToString(arguments[1]) ?? "", OptionsOf(context.ObjectToString(arguments.ElementAtOrDefault(2)) ?? ""), RenderBudget.RegexLimit);
        for (var match = regex.Match(text); match.Success; match = match.NextMatch())
        {
            values += 1 + match.Groups.Count;
            if (values > YamlLimits.MaxNodes)
            {
                throw new TemplateFaultException($"the regular expression matches too often: a list has at most {YamlLimits.MaxNodes} values");
            }

            context.Budget.Work(1 + match.Groups.Count);
            context.Budget.Embed(match.Groups.Values.Sum(group => group.Length));
            context.Budget.ThrowIfOver();
            found.Add(new ScriptArray(match.Groups.Values.Select(group => group.Value)));
        }

        return found;
    }

    private static RegexOptions OptionsOf(string letters) => letters.Aggregate(RegexOptions.None, (options, letter) => options | letter switch
    {
        'i' => RegexOptions.IgnoreCase,
        'm' => RegexOptions.Multiline,
        's' => RegexOptions.Singleline,
        'x' => RegexOptions.IgnorePatternWhitespace,
        _ => RegexOptions.None,
    });

    public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult<object?>(Invoke(context, callerContext, arguments, blockStatement));
}
