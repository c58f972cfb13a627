using System.Text;
using Mayu.Core.Butane;
using Mayu.Core.Rendering;
using Mayu.Primitives;
using Scriban.Runtime;

namespace Mayu.Core.Provisioning;

/// <summary>The functions that embed the operator's files (<c>files_dir</c>).</summary>
internal static class FileFunctions
{
    /// <summary>The value of a file: a text if it is UTF-8, as most are, else its bytes.</summary>
    /// <exception cref="TemplateFaultException">It cannot be read.</exception>
    public static object Read(CheckedTemplateContext context, object? path)
    {
        var (name, bytes) = BytesOf(context, path);
        return Utf8Text.FaultyLine(bytes.Span) is null ? Encoding.UTF8.GetString(bytes.Span) : new BinaryFile(name, bytes);
    }

    /// <summary>What a file prints as a template, with the same variables and limits. Its values are checked while it is rendered.</summary>
    /// <exception cref="TemplateFaultException">It cannot be read.</exception>
    /// <exception cref="TemplateException">It is malformed, or no text.</exception>
    public static EncodedText Render(CheckedTemplateContext context, object? path)
    {
        var (name, bytes) = BytesOf(context, path);
        var template = context.Parsed(TemplateText.Of($"(files_dir) {name}", bytes.Span));
        return new EncodedText(context.RenderTemplate(template, new ScriptArray(), template.Page!)) { Map = (context as MappedTemplateContext)?.LastPage };
    }

    private static (string Name, ReadOnlyMemory<byte> Bytes) BytesOf(CheckedTemplateContext context, object? path)
    {
        var name = TemplateFunctions.TextOf(path);
        var (shown, isLiteral) = context.ArgumentOf(path);
        try
        {
            var bytes = context.Files.Read(name);
            context.Budget.Embed(bytes.Length);
            return (isLiteral ? name : $"`{shown}`", bytes);
        }
        catch (EmbeddedFileException e)
        {
            throw new TemplateFaultException($"{(isLiteral ? name : $"`{shown}`")}: {e.Message}");
        }
    }
}
