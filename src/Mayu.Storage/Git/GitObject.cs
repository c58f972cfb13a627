using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using LibGit2Sharp;

namespace Mayu.Storage.Git;

/// <summary>A git object that is about to be written: its name and its loose form. gitformat-loose(5).</summary>
/// <param name="Id">SHA-1 of header and content.</param>
/// <param name="Raw">Header and content.</param>
internal sealed record GitObject(ObjectId Id, byte[] Raw)
{
    /// <summary>A blob with this content.</summary>
    public static GitObject Blob(ReadOnlySpan<byte> content) => Make("blob", content);

    /// <summary>A tree of these bytes.</summary>
    public static GitObject Tree(ReadOnlySpan<byte> content) => Make("tree", content);

    /// <summary>A commit of this text.</summary>
    public static GitObject Commit(string text) => Make("commit", Encoding.UTF8.GetBytes(text));

    /// <summary>The name that a blob with this content has.</summary>
    public static ObjectId BlobId(ReadOnlySpan<byte> content) => Blob(content).Id;

    /// <summary>The bytes of its loose file.</summary>
    public byte[] Compress()
    {
        using var buffer = new MemoryStream(Raw.Length / 2);
        using (var zlib = new ZLibStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(Raw);
        }

        return buffer.ToArray();
    }

    [SuppressMessage("Security", "CA5350", Justification = "Git names its objects so; nothing is protected by it.")]
    private static GitObject Make(string type, ReadOnlySpan<byte> content)
    {
        var header = Encoding.ASCII.GetBytes($"{type} {content.Length}\0");
        var raw = new byte[header.Length + content.Length];
        header.CopyTo(raw, 0);
        content.CopyTo(raw.AsSpan(header.Length));
        return new GitObject(new ObjectId(SHA1.HashData(raw)), raw);
    }
}
