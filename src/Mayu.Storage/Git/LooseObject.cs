using System.IO.Compression;
using System.Text;
using LibGit2Sharp;

namespace Mayu.Storage.Git;

/// <summary>An object that was not packed yet, read without LibGit2Sharp: that one makes several objects of each entry of a tree.</summary>
internal static class LooseObject
{
    /// <summary>The tree of a name; null when it is not loose, damaged or written in another way: LibGit2Sharp is to be asked.</summary>
    public static FolderTree? TryReadTree(ClusterLayout layout, ObjectId id)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(layout.Objects, id.Sha[..2], id.Sha[2..]));
            using var zlib = new ZLibStream(file, CompressionMode.Decompress);
            using var raw = new MemoryStream();
            zlib.CopyTo(raw);
            var bytes = raw.ToArray();
            return bytes.AsSpan().StartsWith("tree "u8) && GitObject.HashOf(bytes).AsSpan().SequenceEqual(id.RawId) ? FolderTree.OfRaw(bytes) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or FormatException or DecoderFallbackException)
        {
            return null;
        }
    }
}
