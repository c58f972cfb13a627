using System.Collections.Concurrent;
using Mayu.Core.Butane;
using Mayu.Linux.Files;
using Mayu.Primitives;

namespace Mayu.Server.Files;

/// <summary>
/// The operator's folder of files that configs embed (<c>files_dir</c>). The kernel refuses a path, or a link on it, that leads out. A file is read
/// again once its stamp is another.
/// </summary>
/// <param name="folder">The folder.</param>
internal sealed class FilesFolder(string folder) : IEmbeddedFiles
{
    /// <summary>The largest file, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxPath = 1000;
    private const int MaxDepth = 32;
    private const int MaxListed = 10_000;
    private const long MaxCached = 64L * 1024 * 1024;

    private readonly ConcurrentDictionary<string, (FileStamp Stamp, ReadOnlyMemory<byte> Bytes)> _read = new(StringComparer.Ordinal);
    private long _cached;

    /// <summary>The folder of a configuration; none if it has none.</summary>
    /// <param name="folder">The folder; null for none.</param>
    public static IEmbeddedFiles Of(string? folder) => folder is null ? NoEmbeddedFiles.Instance : new FilesFolder(folder);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Read(string path)
    {
        ThrowUnlessRelative(path);
        using var file = OpenBeneath.Open(folder, path, out var problem);
        if (file.IsInvalid || !FileStamp.TryRead(file, out var stamp))
        {
            throw new EmbeddedFileException(problem switch
            {
                OpenProblem.Closed => $"the user that runs Mayu may not read it in {folder} (files_dir)",
                OpenProblem.NotRegular => $"it is a folder, or another thing that is no regular file, in {folder} (files_dir)",
                _ => $"there is no such file in {folder} (files_dir), or it is a link that leads out of it",
            });
        }

        if (_read.TryGetValue(path, out var known) && known.Stamp == stamp)
        {
            return known.Bytes;
        }

        try
        {
            // Asked before it is read: what is written meanwhile has a newer stamp.
            var isSettled = stamp.IsSettled;
            var bytes = new byte[MaxBytes + 1];
            var length = 0;
            for (int count; length < bytes.Length && (count = RandomAccess.Read(file, bytes.AsSpan(length), length)) > 0; length += count)
            {
            }

            return length <= MaxBytes
                ? Remembered(path, isSettled ? stamp : null, bytes.AsMemory(0, length).ToArray())
                : throw new EmbeddedFileException($"it has more than the {MaxBytes} bytes that are allowed");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedFileException($"it cannot be read: {e.Reason()}");
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<EmbeddedFile> Below(string path)
    {
        ThrowUnlessRelative(path);
        try
        {
            var at = folder;
            foreach (var segment in path.Split('/'))
            {
                at = Path.Combine(at, segment);
                if (new DirectoryInfo(at) is not { Exists: true, LinkTarget: null })
                {
                    throw new EmbeddedFileException($"there is no such folder in {folder} (files_dir); links to folders are not followed");
                }
            }

            var found = new List<EmbeddedFile>();
            Add(new DirectoryInfo(at), "", depth: 0, found);
            return [.. found.OrderBy(file => file.Path, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedFileException($"the folder cannot be read: {e.Reason()}");
        }
    }

    private static void Add(DirectoryInfo directory, string prefix, int depth, List<EmbeddedFile> found)
    {
        if (depth > MaxDepth)
        {
            throw new EmbeddedFileException($"its folders are more than {MaxDepth} deep");
        }

        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null } below)
            {
                Add(below, $"{prefix}{entry.Name}/", depth + 1, found);
                continue;
            }

            if (found.Count == MaxListed)
            {
                throw new EmbeddedFileException($"it has more than the {MaxListed} files that are allowed");
            }

            const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
            found.Add(new EmbeddedFile(prefix + entry.Name, entry.LinkTarget is null && (entry.UnixFileMode & Execute) != UnixFileMode.None, entry.LinkTarget));
        }
    }

    private static void ThrowUnlessRelative(string path)
    {
        if (path.Length is 0 or > MaxPath || path.Contains('\0', StringComparison.Ordinal) || path.Split('/').Any(segment => segment is "" or "." or ".."))
        {
            throw new EmbeddedFileException("the path must be relative to files_dir, like etc/motd, without . and ..");
        }
    }

    private ReadOnlyMemory<byte> Remembered(string path, FileStamp? stamp, byte[] bytes)
    {
        if (stamp is not { } known)
        {
            return bytes;
        }

        if (Interlocked.Add(ref _cached, bytes.Length) > MaxCached)
        {
            _read.Clear();
            Interlocked.Exchange(ref _cached, bytes.Length);
        }

        _read[path] = (known, bytes);
        return bytes;
    }
}
