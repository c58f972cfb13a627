using Mayu.Linux.Files;
using Mayu.Netboot.Files;

namespace Mayu.Server.BootHttp;

/// <summary>What is sent as a file.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Stamp">Which file it is, in which version; null for what was made for this request alone.</param>
/// <param name="IsUnchanged">Whether nobody has written to it since it was opened.</param>
/// <param name="Read">Reads some bytes at a position; none where the file became shorter.</param>
/// <param name="Open">What is open until it has been sent.</param>
internal sealed record SentFile(
    long Size, FileStamp? Stamp, Func<bool> IsUnchanged, Func<Memory<byte>, long, CancellationToken, ValueTask<int>> Read, IDisposable Open)
{
    /// <summary>A file of the disk, which exists.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SentFile At(string path)
    {
        var file = File.OpenHandle(path, options: FileOptions.Asynchronous | FileOptions.SequentialScan);
        if (FileStamp.TryRead(file, out var stamp))
        {
            return new(stamp.Size, stamp, () => stamp.IsOf(file), (portion, position, aborted) => RandomAccess.ReadAsync(file, portion, position, aborted), file);
        }

        file.Dispose();
        throw new IOException($"{path} is not a regular file");
    }

    /// <summary>A file that TFTP serves too.</summary>
    public static SentFile Of(ServedFile file) => new(
        file.Size, file.Stamp, () => file.IsUnchanged, (portion, position, _) => ValueTask.FromResult(file.TryRead(portion.Span, position) ? portion.Length : 0), file);
}
