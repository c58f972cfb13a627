using System.Buffers;
using System.Text;
using Mayu.Core.Butane;
using Mayu.Primitives;

namespace Mayu.Core.Provisioning;

/// <summary>
/// Where templates and snippets are read from: the operator's folder first, then what ships inside the program.
/// Names are relative paths of plain segments, so none leads out of its folder.
/// </summary>
/// <param name="templatesDirectory">The operator's templates; null: only the embedded ones.</param>
/// <param name="snippetsDirectory">The operator's snippets; null: only the embedded ones.</param>
/// <param name="files">The files that templates embed; null: none.</param>
public sealed class TemplateLibrary(string? templatesDirectory, string? snippetsDirectory, IEmbeddedFiles? files = null)
{
    /// <summary>The files that templates embed.</summary>
    public IEmbeddedFiles Files { get; } = files ?? NoEmbeddedFiles.Instance;

    /// <summary>The largest template that is read, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxNameLength = 200;

    private static readonly SearchValues<char> SegmentCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Reads a template, e.g. <c>ignition/default.yaml</c>.</summary>
    /// <exception cref="TemplateException">It is missing, unreadable, or the name is no plain path.</exception>
    public TemplateText Template(string name) => Read(templatesDirectory, "templates", name);

    /// <summary>Reads a snippet, which templates draw in with <c>include</c>.</summary>
    /// <exception cref="TemplateException">It is missing, unreadable, or the name is no plain path.</exception>
    public TemplateText Snippet(string name) => Read(snippetsDirectory, "template_snippets", name);

    private static TemplateText Read(string? directory, string kind, string name)
    {
        if (!IsPlainPath(name))
        {
            throw new TemplateException($"{kind}/", "the name is not a relative path of plain segments (letters, digits, . _ -)");
        }

        try
        {
            if (directory is not null)
            {
                var path = Path.Combine(directory, name);
                if (File.Exists(path))
                {
                    return ReadBounded(File.OpenRead(path), path, path);
                }
            }

            var resource = $"{kind}/{name}";
            return typeof(TemplateLibrary).Assembly.GetManifestResourceStream(resource) is { } embedded
                ? ReadBounded(embedded, $"(built-in) {resource}", resource)
                : throw new TemplateException(
                    directory is null ? resource : Path.Combine(directory, name), "there is no such file, and no built-in one of that name");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TemplateException(directory is null ? name : Path.Combine(directory, name), e.Reason());
        }
    }

    private static TemplateText ReadBounded(Stream stream, string path, string file)
    {
        using (stream)
        {
            // What it says of its length is not believed: it may be a device, or grow.
            var bytes = new byte[Math.Min(MaxBytes, stream.CanSeek ? stream.Length : MaxBytes) + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length < bytes.Length
                ? TemplateText.Of(path, bytes.AsSpan(0, length))
                : throw new TemplateException(file, $"it has more than the {MaxBytes} bytes that are allowed, or grows while it is read");
        }
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

/// <summary>A template as it was read.</summary>
/// <param name="Path">Where it came from, for error messages.</param>
/// <param name="Text">What stands in it.</param>
public sealed record TemplateText(string Path, string Text)
{
    /// <summary>The template in a file.</summary>
    /// <param name="path">Where it came from.</param>
    /// <param name="bytes">What stands in it.</param>
    /// <exception cref="TemplateException">It is no UTF-8.</exception>
    internal static TemplateText Of(string path, ReadOnlySpan<byte> bytes)
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
