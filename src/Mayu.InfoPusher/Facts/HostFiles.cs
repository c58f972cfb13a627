using System.Text;

namespace Mayu.InfoPusher.Facts;

/// <summary>
/// The files in which the kernel tells about the machine, below a root that tests lay out themselves. Nothing here throws
/// for a file that is missing, unreadable or odd: a machine with a strange corner still has its other facts.
/// </summary>
/// <param name="root">The folder that holds <c>sys/</c> and <c>proc/</c>: <c>/</c> on a real machine.</param>
internal sealed class HostFiles(string root)
{
    /// <summary>Bytes of a small attribute that are read; sysfs gives at most one page.</summary>
    private const int AttributeLimit = 4096;

    /// <summary>The cleaned value of a small attribute, or null where it is missing, unreadable or empty.</summary>
    /// <param name="path">Path below the root, without a leading slash.</param>
    public string? Value(string path) => Bytes(path, AttributeLimit) is { } bytes ? CleanText.From(bytes) : null;

    /// <summary>
    /// The value of an attribute that identifies the machine; null also where it has bytes that are no printable text. Mayu takes no such serial from a
    /// boot loader either: else one machine would have two.
    /// </summary>
    public string? Identifier(string path) => Bytes(path, AttributeLimit) is { } bytes ? CleanText.Whole(bytes) : null;

    /// <summary>The attribute as a number, or null where it is none.</summary>
    public long? Number(string path) => long.TryParse(Value(path), out var number) ? number : null;

    /// <summary>The attribute as a flag (<c>0</c> or <c>1</c>), or null where it is neither.</summary>
    public bool? Flag(string path) => Number(path) switch { 0 => false, 1 => true, _ => null };

    /// <summary>The first bytes of a file, or null where it is missing, unreadable or empty.</summary>
    /// <param name="path">Path below the root.</param>
    /// <param name="limit">Most bytes that are read.</param>
    public byte[]? Bytes(string path, int limit)
    {
        try
        {
            // Unbuffered: a sysfs attribute is made anew by the kernel at each read of its beginning.
            using var file = new FileStream(Full(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var bytes = new byte[Math.Min(limit, AttributeLimit)];
            var length = 0;
            while (length < limit)
            {
                if (length == bytes.Length)
                {
                    Array.Resize(ref bytes, Math.Min(limit, bytes.Length * 4));
                }

                var read = file.Read(bytes, length, bytes.Length - length);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }

            return length == 0 ? null : bytes[..length];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Missing, for root only, or refused by the driver (the speed of a link that is down answers EINVAL).
            return null;
        }
    }

    /// <summary>Whether a file or a folder is there.</summary>
    public bool Exists(string path) => Path.Exists(Full(path));

    /// <summary>Names of the entries of a folder, in the order of their numbers (<c>eth2</c> before <c>eth10</c>); none where it is missing.</summary>
    public IReadOnlyList<string> Names(string path)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Full(path)).Select(Path.GetFileName).OfType<string>().OrderBy(PadNumbers, StringComparer.Ordinal)];
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The last part of what a symbolic link points at, or null where there is no such link.</summary>
    public string? LinkName(string path)
    {
        try
        {
            return new FileInfo(Full(path)).LinkTarget is { } target ? CleanText.From(Path.GetFileName(target)) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The name with its numbers at equal length, so that an ordinal comparison orders it by them.</summary>
    private static string PadNumbers(string name)
    {
        const int Width = 10;
        var key = new StringBuilder();
        for (var i = 0; i < name.Length;)
        {
            var end = i;
            while (end < name.Length && char.IsAsciiDigit(name[end]))
            {
                end++;
            }

            if (end == i)
            {
                key.Append(name[i++]);
                continue;
            }

            key.Append('0', Math.Max(0, Width - (end - i))).Append(name, i, end - i);
            i = end;
        }

        return key.ToString();
    }

    private string Full(string path) => Path.Combine(root, path);
}
