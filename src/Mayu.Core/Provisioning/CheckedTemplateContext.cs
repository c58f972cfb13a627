using System.Buffers;
using System.Numerics;
using Mayu.Core.Butane;
using Mayu.Core.Rendering;
using Mayu.Core.Yaml;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Mayu.Core.Provisioning;

/// <summary>
/// Renders with strict variables and lets nothing from outside change what the template means: a printed value is either
/// a plain word, which is the same in YAML, JSON, a shell script and a URL, or it must go through an encoder.
/// </summary>
internal class CheckedTemplateContext : TemplateContext, ITemplateLoader
{
    private static readonly SearchValues<char> PlainCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/:@+=-");

    private static readonly BigInteger TooLarge = BigInteger.Pow(10, YamlLimits.MaxNumberLength);

    private readonly TemplateLibrary _library;
    private readonly ParsedTemplates _parsed;
    private readonly RenderSources? _sources;

    private ScriptNode? _printed;
    private bool _explains;

    // What stands before "default" and "required": its last name alone may be missing.
    private readonly HashSet<ScriptNode> _mayBeMissing = new(ReferenceEqualityComparer.Instance);

    /// <param name="library">Where snippets come from.</param>
    /// <param name="parsed">What was parsed already.</param>
    /// <param name="variables">What the template may print.</param>
    /// <param name="budget">When the rendering ends at the latest.</param>
    /// <param name="sources">Takes note of what is read; null: nobody asks.</param>
    public CheckedTemplateContext(TemplateLibrary library, ParsedTemplates parsed, ScriptObject variables, RenderBudget budget, RenderSources? sources = null)
        : base(TemplateFunctions.BuiltIn)
    {
        _library = library;
        _parsed = parsed;
        _sources = sources;
        StrictVariables = true;
        EnableRelaxedMemberAccess = false;
        EnableRelaxedTargetAccess = false;
        EnableRelaxedFunctionAccess = false;
        EnableRelaxedIndexerAccess = false;
        LoopLimit = 10_000;
        RecursiveLimit = 20;
        ObjectRecursionLimit = 20;
        LimitToString = RenderBudget.MaxText;
        OutputLimit = RenderBudget.MaxText;
        OnOutputLimit = ScriptLimitBehavior.Throw;
        OnStringLimit = ScriptLimitBehavior.Throw;
        RegexTimeOut = RenderBudget.RegexLimit;
        Budget = budget;
        TemplateLoader = this;
        NewLine = "\n";
        PushGlobal(variables);
    }

    /// <summary>The files that it embeds.</summary>
    public IEmbeddedFiles Files
    {
        get
        {
            _sources?.NoteMore();
            return _library.Files;
        }
    }

    /// <summary>Ends it: nobody waits for what it prints.</summary>
    public CancellationToken Gone => _sources?.Gone ?? CancellationToken.None;

    /// <summary>What it may still take.</summary>
    public RenderBudget Budget { get; }

    /// <summary>The statement whose value is printed.</summary>
    protected SourceSpan? PrintedSpan => _printed?.Span;

    /// <summary>The call of one of Mayu's functions that is being made.</summary>
    public ScriptNode? Call { get; set; }

    /// <summary>The last argument of that call, as a message may show it.</summary>
    /// <param name="value">What it came to.</param>
    public (string Text, bool IsLiteral) ArgumentOf(object? value) => TemplateCode.ArgumentOf(Call, value);

    public override object? Evaluate(ScriptNode? scriptNode, bool aliasReturnedFunction)
    {
        try
        {
            return Checked(scriptNode, aliasReturnedFunction);
        }
        catch (TemplateFaultException e) when (!e.HasPlace && scriptNode is not null)
        {
            throw new TemplateFaultException(scriptNode.Span, e.OriginalMessage);
        }
        catch (ScriptRuntimeException e) when (scriptNode is not null && !_explains && !IsTold(e))
        {
            throw new TemplateFaultException(e.Span, FaultSentence.Of(e, scriptNode, this, ValueOrNull));
        }
    }

    // What fails is evaluated once more to say what it is, and that fails for good.
    private object? ValueOrNull(ScriptNode node)
    {
        _explains = true;
        try
        {
            return Evaluate(node, aliasReturnedFunction: true);
        }
        catch (ScriptRuntimeException)
        {
            return null;
        }
        finally
        {
            _explains = false;
        }
    }

    private static bool IsTold(Exception? failure) => failure is not null && (failure is TemplateFaultException or TemplateException or ScriptAbortException || IsTold(failure.InnerException));

    // Scriban prints in the name of the block that a value stands in, which begins anywhere above it: the statement is remembered.
    private object? Checked(ScriptNode? scriptNode, bool aliasReturnedFunction)
    {
        Gone.ThrowIfCancellationRequested();
        if (scriptNode is ScriptPipeCall { From: ScriptMemberExpression asked, To: var to } && FirstOf(to) is ScriptFunctionCall { Target: ScriptVariableGlobal { Name: "default" or "required" } })
        {
            _mayBeMissing.Add(asked);
        }

        var value = scriptNode is ScriptMemberExpression member && _mayBeMissing.Contains(member) ? MemberOrNull(member) : base.Evaluate(scriptNode, aliasReturnedFunction);
        if (value is ScriptRange range)
        {
            value = ListOf(range, scriptNode);
        }

        if (value is BigInteger number && BigInteger.Abs(number) >= TooLarge)
        {
            throw new TemplateFaultException(scriptNode?.Span ?? default, TemplateSyntax.TooManyDigits);
        }

        if (ValueBounds.IsBeyond(value, out var count))
        {
            throw new TemplateFaultException(
                scriptNode?.Span ?? default, $"this list or map contains itself, is more than {YamlLimits.MaxDepth} deep, or has more than {YamlLimits.MaxNodes} values");
        }

        Budget.Spend(scriptNode, value, count);
        if (scriptNode is ScriptExpressionStatement)
        {
            _printed = scriptNode;
        }

        return value;
    }

    // Scriban makes some lists when they are read, from lists that may be others by then and may contain this one.
    private static ScriptArray ListOf(ScriptRange range, ScriptNode? node)
    {
        var list = new ScriptArray();
        foreach (var item in range)
        {
            list.Add(list.Count < YamlLimits.MaxNodes
                ? item
                : throw new TemplateFaultException(node?.Span ?? default, $"this list has more than {YamlLimits.MaxNodes} values"));
        }

        return list;
    }

    // In a | b | c the part behind a is one pipe.
    private static ScriptExpression? FirstOf(ScriptExpression? pipe) => pipe is ScriptPipeCall { From: var first } ? FirstOf(first) : pipe;

    private object? MemberOrNull(ScriptMemberExpression member) =>
        Evaluate(member.Target, aliasReturnedFunction: false) is ScriptObject map && member.Member is { Name: var name } && !map.Contains(name)
            ? null
            : base.Evaluate(member, aliasReturnedFunction: false);

    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        if (textAsObject is BinaryFile file)
        {
            throw new TemplateFaultException(PrintedSpan ?? span, file.Problem);
        }

        if (textAsObject is string text && !IsPlain(text))
        {
            throw new TemplateFaultException(_printed?.Span ?? span,
                "the printed value is not a plain word; choose how to encode it: {{ … | yaml }}, {{ … | json }}, {{ … | sh }}, {{ … | uri }}, {{ … | ini }}, {{ … | xml }}, {{ … | kickstart }} or {{ … | dnsmasq }}");
        }

        return base.Write(span, textAsObject);
    }

    /// <summary>Makes a snippet known to <c>include</c>, parsed.</summary>
    /// <exception cref="TemplateException">It is missing or malformed.</exception>
    public void Prepare(string snippet)
    {
        if (!CachedTemplates.ContainsKey(snippet))
        {
            var text = _library.Snippet(snippet);
            _sources?.Note(isSnippet: true, snippet, text);
            CachedTemplates.Add(snippet, _parsed.Of(text));
        }
    }

    /// <summary>A template that is neither one of the library nor a snippet, parsed.</summary>
    /// <exception cref="TemplateException">It is malformed.</exception>
    public Template Parsed(TemplateText template) => _parsed.Of(template);

    public string GetPath(TemplateContext context, SourceSpan callerSpan, string templateName) => templateName;

    public string Load(TemplateContext context, SourceSpan callerSpan, string templatePath)
    {
        _sources?.NoteMore();
        return _library.Snippet(templatePath).Text;
    }

    public ValueTask<string?> LoadAsync(TemplateContext context, SourceSpan callerSpan, string templatePath) =>
        ValueTask.FromResult<string?>(Load(context, callerSpan, templatePath));

    // A final colon would make a YAML key of it; a first character that is no letter, digit or slash may be an indicator.
    private static bool IsPlain(string text) =>
        text.Length == 0
        || ((char.IsAsciiLetterOrDigit(text[0]) || text[0] == '/') && text[^1] != ':' && !text.AsSpan().ContainsAnyExcept(PlainCharacters));
}
