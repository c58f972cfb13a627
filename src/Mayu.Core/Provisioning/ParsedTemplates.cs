using System.Collections.Concurrent;
using Mayu.Core.Rendering;
using Scriban;

namespace Mayu.Core.Provisioning;

/// <summary>Templates and snippets as they were parsed, each until its text is another. A parsed template is not changed by rendering, so requests share it.</summary>
internal sealed class ParsedTemplates
{
    // More than anybody writes; a folder of names that come and go does not fill the memory.
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, (string Text, Template Template)> _byPath = new(StringComparer.Ordinal);

    /// <summary>The template of this text.</summary>
    /// <exception cref="TemplateException">It is malformed; the message names file, line and column.</exception>
    public Template Of(TemplateText source)
    {
        if (_byPath.TryGetValue(source.Path, out var known) && known.Text == source.Text)
        {
            return known.Template;
        }

        var template = TemplateSyntax.Parse(source.Text, source.Path, out var fault);
        if (fault is { Problem: var problem, Place: var place })
        {
            throw new TemplateException(source.Path, problem, place.Line + 1, place.Column + 1);
        }

        if (_byPath.Count >= Most)
        {
            _byPath.Clear();
        }

        _byPath[source.Path] = (source.Text, template);
        return template;
    }
}
