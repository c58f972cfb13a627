using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Mayu.Core.Butane;
using Mayu.Primitives;

namespace Mayu.Core.Provisioning;

/// <summary>
/// Where templates and snippets are read from: the operator's folder first, then what ships inside the program.
/// Names are relative paths of plain segments, so none leads out of its folder.
/// </summary>
/// <param name="templates">The operator's templates; null: only the embedded ones.</param>
/// <param name="snippets">The operator's snippets; null: only the embedded ones.</param>
/// <param name="files">The files that templates embed; null: none.</param>
public sealed class TemplateLibrary(ITemplateFolder? templates = null, ITemplateFolder? snippets = null, IEmbeddedFiles? files = null)
{
    /// <summary>The largest template that is read, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxNameLength = 200;

    private static readonly SearchValues<char> SegmentCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    private static readonly ConcurrentDictionary<string, TemplateText> BuiltIn = new(StringComparer.Ordinal);

    /// <summary>The files that templates embed.</summary>
    public IEmbeddedFiles Files { get; } = files ?? NoEmbeddedFiles.Instance;

    /// <summary>Reads a template, e.g. <c>ignition/default.yaml</c>.</summary>
    /// <exception cref="TemplateException">It is missing, unreadable, or the name is no plain path.</exception>
    public TemplateText Template(string name) => Read(templates, "templates", name);

    /// <summary>Reads a snippet, which templates draw in with <c>include</c>.</summary>
    /// <exception cref="TemplateException">It is missing, unreadable, or the name is no plain path.</exception>
    public TemplateText Snippet(string name) => Read(snippets, "template_snippets", name);

    /// <summary>The templates and snippets that ship inside the program.</summary>
    public static IEnumerable<TemplateText> Shipped() => typeof(TemplateLibrary).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("templates/", StringComparison.Ordinal) || name.StartsWith("template_snippets/", StringComparison.Ordinal))
        .Select(name => BuiltIn.GetValueOrDefault(name) ?? Embedded(name)!);

    private static TemplateText Read(ITemplateFolder? folder, string kind, string name)
    {
        if (!IsPlainPath(name))
        {
            throw new TemplateException($"{kind}/", "the name is not a relative path of plain segments (letters, digits, . _ -)");
        }

        var resource = $"{kind}/{name}";
        return folder?.Find(name)
            ?? (BuiltIn.TryGetValue(resource, out var known) ? known : Embedded(resource))
            ?? throw new TemplateException(folder?.PathOf(name) ?? resource, "there is no such file, and no built-in one of that name");
    }

    // What is not there is not remembered: names come from templates.
    private static TemplateText? Embedded(string resource)
    {
        using var stream = typeof(TemplateLibrary).Assembly.GetManifestResourceStream(resource);
        if (stream is null)
        {
            return null;
        }

        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return BuiltIn[resource] = TemplateText.Of($"(built-in) {resource}", bytes);
    }

    internal static bool IsPlainPath(string name)
    {
        if (name.Length is 0 or > MaxNameLength)
        {
            return false;
        }

        foreach (var range in name.AsSpan().Split('/'))
        {
            var segment = name.AsSpan(range);
            if (segment.IsEmpty || segment is "." or ".." || segment.ContainsAnyExcept(SegmentCharacters))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The operator's templates, or snippets.</summary>
public interface ITemplateFolder
{
    /// <summary>Where a template of this name would be, for error messages.</summary>
    string PathOf(string name);

    /// <summary>Reads a template; null where there is none of that name.</summary>
    /// <param name="name">A relative path of plain segments.</param>
    /// <exception cref="TemplateException">It is there and cannot be read, is longer than <see cref="TemplateLibrary.MaxBytes"/>, or is no UTF-8.</exception>
    TemplateText? Find(string name);
}

/// <summary>A template as it was read.</summary>
/// <param name="Path">Where it came from, for error messages.</param>
/// <param name="Text">What stands in it.</param>
public sealed record TemplateText(string Path, string Text)
{
    /// <summary>The template in a file.</summary>
    /// <param name="path">Where it came from.</param>
    /// <param name="bytes">What stands in it.</param>
    /// <exception cref="TemplateException">It is no UTF-8.</exception>
    public static TemplateText Of(string path, ReadOnlySpan<byte> bytes)
    {
        if (Utf8Text.FaultyLine(bytes) is { } line)
        {
            throw new TemplateException(path, "it is not UTF-8 here: save it as UTF-8", line);
        }

        // What it prints is for other systems than the one it was written on: a script with CR LF has no interpreter.
        var text = Encoding.UTF8.GetString(bytes).Replace("\r\n", "\n", StringComparison.Ordinal);
        return new TemplateText(path, text.StartsWith('\ufeff') ? text[1..] : text);
    }
}
