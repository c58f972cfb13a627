using System.Text;
using Mayu.Core.Rendering;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Mayu.Core.Provisioning;

/// <summary>Renders as <see cref="CheckedTemplateContext"/> does, and remembers which place printed what. It is slower, so it is for finding an error.</summary>
internal sealed class MappedTemplateContext(TemplateLibrary library, ParsedTemplates parsed, ScriptObject variables, RenderBudget budget)
    : CheckedTemplateContext(library, parsed, variables, budget)
{
    // Each snippet, and each block whose text becomes a value, is printed to an output of its own, which is used again.
    private readonly Dictionary<StringBuilder, SourceMap> _maps = new(ReferenceEqualityComparer.Instance);

    /// <summary>The map of the template or snippet that was rendered last.</summary>
    public SourceMap LastPage { get; private set; } = new();

    private StringBuilder Printed => ((StringBuilderOutput)Output).Builder;

    public override object? Evaluate(ScriptNode? scriptNode, bool aliasReturnedFunction)
    {
        var before = Printed.Length;
        var value = base.Evaluate(scriptNode, aliasReturnedFunction);
        if (scriptNode is ScriptRawStatement { Text: { Length: > 0, FullText: { } template } text } raw && EnableOutput)
        {
            Add(before, text.ToString(), SourceMap.OfRawText(raw.Span.FileName ?? "", template, text.Index, text.Length));
        }
        else if (scriptNode is ScriptPage)
        {
            LastPage = MapOf(Printed.Length == 0 ? 0 : 1);
        }

        return value;
    }

    public override TemplateContext Write(SourceSpan span, object? textAsObject)
    {
        var before = Printed.Length;
        base.Write(span, textAsObject);
        if (Printed.Length > before)
        {
            var place = PrintedSpan ?? span;
            var map = (textAsObject as EncodedText)?.Map ?? SourceMap.OfValue(new TemplatePlace(place.FileName ?? "", place.Start.Line + 1, place.Start.Column + 1));
            Add(before, (textAsObject as EncodedText)?.Text ?? Printed.ToString(before, Printed.Length - before), map);
        }

        return this;
    }

    private void Add(int before, string text, SourceMap map) => MapOf(before).Add(before, Printed.ToString(before, Printed.Length - before), text, map);

    private SourceMap MapOf(int length)
    {
        if (!_maps.TryGetValue(Printed, out var map) || length == 0)
        {
            _maps[Printed] = map = new SourceMap();
        }

        return map;
    }
}
