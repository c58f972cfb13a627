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

    /// <summary>A commit of this text.</summary>
    public static GitObject Commit(string text) => Make("commit", Encoding.UTF8.GetBytes(text));

    /// <summary>The name that a blob with this content has.</summary>
    public static ObjectId BlobId(ReadOnlySpan<byte> content) => Blob(content).Id;

    /// <summary>The object of header and content together.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "Git names its objects so; nothing is protected by it.")]
    public static GitObject OfRaw(byte[] raw) => new(new ObjectId(SHA1.HashData(raw)), raw);

    /// <summary>What stands before the content.</summary>
    public static byte[] Header(string type, int length) => Encoding.ASCII.GetBytes($"{type} {length}\0");

    /// <summary>
    /// The bytes of its loose file. A large one is the root of many machines: half of it is hashes, and to compress the rest takes
    /// longer than to write it. Packing makes almost nothing of it later.
    /// </summary>
    public byte[] Compress()
    {
        const int Large = 64 << 10;
        using var buffer = new MemoryStream(Raw.Length + 1024);
        using (var zlib = new ZLibStream(buffer, Raw.Length < Large ? CompressionLevel.Fastest : CompressionLevel.NoCompression, leaveOpen: true))
        {
            zlib.Write(Raw);
        }

        return buffer.ToArray();
    }

    private static GitObject Make(string type, ReadOnlySpan<byte> content)
    {
        var header = Header(type, content.Length);
        var raw = new byte[header.Length + content.Length];
        header.CopyTo(raw, 0);
        content.CopyTo(raw.AsSpan(header.Length));
        return OfRaw(raw);
    }
}
