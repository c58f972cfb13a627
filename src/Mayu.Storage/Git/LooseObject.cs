using System.IO.Compression;
using System.Text;
using LibGit2Sharp;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>An object that was not packed yet, read without LibGit2Sharp: that one makes several objects of each entry of a tree.</summary>
internal static class LooseObject
{
    // A folder for each of a hundred thousand machines; whatever unpacks to more is not ours.
    private const int LargestTree = 16 << 20;

    /// <summary>The tree of a name; null when it is not loose, damaged or written in another way: LibGit2Sharp is to be asked.</summary>
    public static FolderTree? TryReadTree(ClusterLayout layout, ObjectId id)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(layout.Objects, id.Sha[..2], id.Sha[2..]));
            using var zlib = new ZLibStream(file, CompressionMode.Decompress);
            using var raw = new MemoryStream();
            var buffer = new byte[16 * 1024];
            for (int read; (read = zlib.Read(buffer)) > 0; raw.Write(buffer, 0, read))
            {
                if (raw.Length + read > LargestTree)
                {
                    return null;
                }
            }

            var bytes = raw.ToArray();
            return bytes.AsSpan().StartsWith("tree "u8) && GitObject.HashOf(bytes).AsSpan().SequenceEqual(id.RawId) ? FolderTree.OfRaw(bytes) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}
