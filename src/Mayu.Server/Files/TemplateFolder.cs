using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Mayu.Core.Provisioning;
using Mayu.Linux;
using Mayu.Linux.Files;
using Mayu.Primitives;

namespace Mayu.Server.Files;

/// <summary>
/// An operator's folder of templates (<c>templates_dir</c>) or of snippets (<c>template_snippets_dir</c>). A template is read again once its stamp is
/// another, so that an edit counts for the next machine that needs it.
/// </summary>
/// <param name="folder">The folder.</param>
internal sealed class TemplateFolder(string folder) : ITemplateFolder
{
    // More than anybody writes.
    private const int MostKept = 1000;

    private readonly ConcurrentDictionary<string, (FileStamp? Stamp, TemplateText Text)> _read = new(StringComparer.Ordinal);

    /// <summary>The folder of a configuration; null if it has none.</summary>
    [return: NotNullIfNotNull(nameof(folder))]
    public static TemplateFolder? Of(string? folder) => folder is null ? null : new TemplateFolder(folder);

    /// <inheritdoc/>
    public string PathOf(string name) => Path.Combine(folder, name);

    /// <inheritdoc/>
    public TemplateText? Find(string name)
    {
        var path = PathOf(name);
        try
        {
            using var file = BoundedFile.OpenRegular(path, out var stamp);
            return file is null ? throw new TemplateException(path, BoundedFile.NotRegular)
                : _read.TryGetValue(name, out var known) && known.Stamp == stamp ? known.Text
                : Read(name, path, file, stamp);
        }
        catch (IOException e) when (e.HResult is Errno.NoEntry or Errno.NotADirectory)
        {
            return null;
        }
        catch (IOException e) when (e.HResult == Errno.AccessDenied)
        {
            throw new TemplateException(path, $"it is not readable for the user {Environment.UserName}; make it readable (chmod, chown)");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TemplateException(path, e.Reason());
        }
    }

    private TemplateText Read(string name, string path, FileStream file, FileStamp stamp)
    {
        // Asked before it is read: what is written meanwhile has a newer stamp.
        var isSettled = stamp.IsSettled;
        if (BoundedFile.TryReadBytes(file, TemplateLibrary.MaxBytes, out var bytes) is { } tooLong)
        {
            throw new TemplateException(path, tooLong);
        }

        // The same text is the same object: configs that were rendered with it are still right.
        var text = TemplateText.Of(path, bytes);
        text = _read.TryGetValue(name, out var known) && known.Text == text ? known.Text : text;
        if (_read.Count >= MostKept)
        {
            _read.Clear();
        }

        _read[name] = (isSettled ? stamp : null, text);
        return text;
    }
}
