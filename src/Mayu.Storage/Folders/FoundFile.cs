using System.Buffers;
using Mayu.Linux.Files;
using Mayu.Primitives;
using Mayu.Storage.Records;

namespace Mayu.Storage.Folders;

/// <summary>
/// A file of the cluster directory, in whose place anything may have been put: it is read up to a limit, through no symbolic link, and without
/// waiting for whoever may write into a pipe. The bytes are lent until it is disposed: a start reads ten thousand.
/// </summary>
internal readonly ref struct FoundFile : IDisposable
{
    private readonly byte[]? _lent;

    private FoundFile(byte[] lent, int length) => (_lent, Content, Exists) = (lent, lent.AsMemory(0, length), true);

    private FoundFile(string problem, bool isClosed = false) => (Problem, Exists, IsClosed) = (problem, true, isClosed);

    /// <summary>Whether there is something of that name.</summary>
    public bool Exists { get; }

    /// <summary>Its bytes; empty where there is a <see cref="Problem"/>.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Why it cannot be read, as half a sentence; null when it was, or is missing.</summary>
    public string? Problem { get; }

    /// <summary>Whether the problem is an <see cref="Obstacle"/>.</summary>
    public bool IsClosed { get; }

    /// <summary>Reads it.</summary>
    /// <param name="layout">The directory.</param>
    /// <param name="path">Its path in there: a record's, or of a file of the root.</param>
    /// <param name="isWriter">Whether its folder must be writable as well.</param>
    public static FoundFile Read(ClusterLayout layout, string path, bool isWriter = true)
    {
        var most = path == ClusterLayout.PinsName ? PinsCodec.MaxBytes : RecordCodec.MaxBytes;
        var file = layout.OnDisk(path);
        if ((isWriter ? Obstacle(layout, path) : LinkOf(layout, path)) is { } obstacle)
        {
            return new FoundFile(obstacle, isClosed: true);
        }

        try
        {
            using var handle = FileLock.OpenUnlockedIfThere(file);
            if (handle is null)
            {
                return default;
            }

            var length = RandomAccess.GetLength(handle);
            if (length > most)
            {
                return new FoundFile($"it has {length} bytes; at most {most} are allowed");
            }

            var buffer = ArrayPool<byte>.Shared.Rent((int)length + 1);
            try
            {
                // To its end, unless it grew since its length was asked.
                var read = 0;
                for (var last = 1; last > 0 && read < buffer.Length; read += last)
                {
                    last = RandomAccess.Read(handle, buffer.AsSpan(read), read);
                }

                return new FoundFile(buffer, read);
            }
            catch
            {
                ArrayPool<byte>.Shared.Return(buffer);
                throw;
            }
        }
        catch (NotSupportedException)
        {
            return new FoundFile("it is a pipe");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FoundFile(new FileInfo(file).LinkTarget is not null ? "it is a symbolic link" : Directory.Exists(file) ? "it is a folder" : e.Reason());
        }
    }

    /// <summary>What a file holds; null when it is missing or cannot be read.</summary>
    /// <param name="layout">The directory.</param>
    /// <param name="path">Its path in there.</param>
    public static ContentId? IdOf(ClusterLayout layout, string path)
    {
        using var file = Read(layout, path);
        return file.Exists && file.Problem is null ? ContentId.Of(file.Content.Span) : null;
    }

    /// <summary>
    /// Why nothing is to be read or written in the folder of something, as half a sentence; null when it may. A change that is in the history and cannot be
    /// put into its folder would stop all others.
    /// </summary>
    public static string? Obstacle(ClusterLayout layout, string path) =>
        LinkOf(layout, path)
        ?? (Path.GetDirectoryName(path) is { Length: > 0 } folder && FolderCalls.IsForbidden(layout.OnDisk(folder)) ? "the server has no permission to write in its folder" : null);

    private static string? LinkOf(ClusterLayout layout, string path) =>
        Path.GetDirectoryName(path) is { Length: > 0 } folder && new FileInfo(layout.OnDisk(folder)).LinkTarget is not null
            ? "its folder is a symbolic link, and Mayu does not read or write outside the cluster directory"
            : null;

    public void Dispose()
    {
        if (_lent is not null)
        {
            ArrayPool<byte>.Shared.Return(_lent);
        }
    }
}
