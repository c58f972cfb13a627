using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Butane;
using Mayu.Core.Rendering;
using Mayu.Primitives;
using Scriban.Syntax;

namespace Mayu.Core.Provisioning;

/// <summary>Renders templates with strict variables: a name that is missing or misspelt is an error, not an empty place.</summary>
/// <param name="library">Where templates and snippets come from.</param>
/// <param name="time">The clock for the limit of a second; the system's if null.</param>
public sealed class TemplateRenderer(TemplateLibrary library, TimeProvider? time = null)
{
    private readonly ParsedTemplates _parsed = new();

    /// <summary>The files that configs may embed.</summary>
    public IEmbeddedFiles Files => library.Files;

    /// <summary>Renders a template. Whatever it does, it ends in a text or in that one exception.</summary>
    /// <param name="name">Its name in the library.</param>
    /// <param name="variables">What it may print.</param>
    /// <exception cref="TemplateException">It is missing, malformed, or prints what it must not; the message names file and line.</exception>
    public string Render(string name, TemplateVariables variables) => Render(name, variables, sources: null);

    /// <summary>The same, and notes what it reads.</summary>
    internal string Render(string name, TemplateVariables variables, RenderSources? sources)
    {
        var template = library.Template(name);
        sources?.Note(isSnippet: false, name, template);
        return Render(template, variables, sources);
    }

    /// <summary>Whether a rendering would read the same.</summary>
    internal bool AreUnchanged(RenderSources sources) => sources.AreUnchanged(library);

    /// <summary>Finds what printed places of a text, by rendering it again.</summary>
    /// <param name="name">The template's name in the library.</param>
    /// <param name="variables">What it was rendered with.</param>
    /// <param name="text">The text that was rendered.</param>
    /// <param name="places">Lines and columns in it, from 1.</param>
    /// <returns>For each, the place in the template or in a snippet; null if they have changed since then.</returns>
    public IReadOnlyList<TemplatePlace?> PlacesOf(string name, TemplateVariables variables, string text, IReadOnlyList<(int Line, int Column)> places)
    {
        ArgumentNullException.ThrowIfNull(variables);
        try
        {
            var context = new MappedTemplateContext(library, _parsed, variables.ToScriptObject(), new RenderBudget(time ?? TimeProvider.System));
            if (Render(library.Template(name), context) == text)
            {
                return [.. places.Select(place => context.LastPage.PlaceOf(text, place.Line, place.Column))];
            }
        }
        catch (TemplateException)
        {
            // Another text lies there now.
        }

        return new TemplatePlace?[places.Count];
    }

    internal string Render(TemplateText source, TemplateVariables variables, RenderSources? sources = null)
    {
        ArgumentNullException.ThrowIfNull(variables);
        return Render(source, new CheckedTemplateContext(library, _parsed, variables.ToScriptObject(), new RenderBudget(time ?? TimeProvider.System), sources));
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "it goes on as a TemplateException, with its cause")]
    private string Render(TemplateText source, CheckedTemplateContext context)
    {
        try
        {
            return _parsed.Of(source).Render(context);
        }
        catch (Exception) when (context.Gone.IsCancellationRequested)
        {
            throw new OperationCanceledException(context.Gone);
        }
        catch (ScriptRuntimeException e)
        {
            // A snippet's own error is wrapped by the include that drew it in: the innermost place is the one to mend.
            var innermost = e;
            while (innermost.InnerException is ScriptRuntimeException inner)
            {
                innermost = inner;
            }

            var problem = innermost.InnerException is TemplateException missing ? missing.Message : innermost is TemplateFaultException fault ? fault.OriginalMessage : "it cannot be rendered";
            throw new TemplateException(
                innermost.Span.FileName ?? source.Path, FailureText.Unended(problem), innermost.Span.Start.Line + 1, innermost.Span.Start.Column + 1);
        }
        catch (Exception e) when (e is not TemplateException)
        {
            throw TemplateException.Unforeseen(source.Path, e);
        }
    }
}
