using System.Text;
using Mayu.Primitives;

namespace Mayu.Linux.Files;

/// <summary>
/// Reads a file as a whole, up to a limit. What a file says of its length is not believed: one that grows meanwhile, a device, or a file below
/// <c>/proc</c> is read no further either.
/// </summary>
public static class BoundedFile
{
    /// <summary>What is wrong with a pipe, a device or a folder, as half a sentence.</summary>
    public const string NotRegular = "it is not a regular file";

    private const int FirstBuffer = 16 * 1024;

    /// <summary>Its bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <exception cref="IOException">It cannot be read, or has more.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadBytes(string path, int most) =>
        TryReadBytes(path, most, out var bytes) is { } tooLong ? throw new IOException($"{path} cannot be used: {tooLong}") : bytes;

    /// <summary>Its text, in UTF-8; U+FFFD stands for what is none. It is for files that programs write.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <exception cref="IOException">It cannot be read, or has more.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string ReadText(string path, int most) => TextOf(ReadBytes(path, most));

    /// <summary>The text that a person wrote, in UTF-8.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <param name="text">The text; empty where it is not taken.</param>
    /// <returns>That it has more or is no UTF-8, as half a sentence; null when it is taken.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string? TryReadText(string path, int most, out string text) => TakeText(TryReadBytes(path, most, out var bytes), bytes, out text);

    /// <summary>The same of a regular file alone: a pipe would hold the caller until somebody writes.</summary>
    /// <inheritdoc cref="TryReadText"/>
    public static string? TryReadRegularText(string path, int most, out string text)
    {
        text = "";
        using var file = OpenRegular(path, out _);
        return file is null ? NotRegular : TakeText(TryReadBytes(file, most, out var bytes), bytes, out text);
    }

    /// <summary>Opens a regular file, without waiting for anybody.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stamp">Its version.</param>
    /// <returns>Null when it is something else, such as a pipe or a folder.</returns>
    /// <exception cref="IOException">It cannot be opened, or there is none; <see cref="Errno"/> tells.</exception>
    public static FileStream? OpenRegular(string path, out FileStamp stamp)
    {
        var handle = OpenCall.Open(path, OpenCall.ReadOnly | OpenCall.NonBlocking);
        if (FileStamp.TryRead(handle, out stamp))
        {
            return new FileStream(handle, FileAccess.Read, bufferSize: 0);
        }

        handle.Dispose();
        return null;
    }

    /// <summary>Reads an open file.</summary>
    /// <param name="file">The file, at its beginning.</param>
    /// <param name="most">The most bytes that it may have.</param>
    /// <param name="bytes">Its bytes; empty where they are not taken.</param>
    /// <returns>That it has more, as half a sentence; null when they are taken.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? TryReadBytes(FileStream file, int most, out byte[] bytes)
    {
        var length = file.CanSeek ? file.Length : 0;
        bytes = [];
        if (length > most)
        {
            return $"it has {length} bytes; at most {most} are allowed";
        }

        // One more than it says, to see its end.
        var buffer = new byte[length > 0 ? (int)length + 1 : Math.Min(FirstBuffer, most + 1)];
        var read = 0;
        for (int last; (last = file.Read(buffer, read, buffer.Length - read)) > 0;)
        {
            read += last;
            if (read > most)
            {
                return $"it has more than the {most} bytes that are allowed";
            }

            if (read == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, most + 1L));
            }
        }

        bytes = buffer[..read];
        return null;
    }

    private static string? TakeText(string? problem, byte[] bytes, out string text)
    {
        if (problem is null && Utf8Text.FaultyLine(bytes) is { } line)
        {
            problem = $"its line {line} is not UTF-8: save it as UTF-8";
        }

        text = problem is null ? TextOf(bytes) : "";
        return problem;
    }

    private static string? TryReadBytes(string path, int most, out byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return TryReadBytes(file, most, out bytes);
    }

    private static string TextOf(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return text.StartsWith('\ufeff') ? text[1..] : text;
    }
}
