using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using LibGit2Sharp;
using Mayu.Storage.Folders;

namespace Mayu.Storage.Git;

/// <summary>A git object that is about to be written: its name and its loose form. gitformat-loose(5).</summary>
/// <param name="Id">SHA-1 of header and content.</param>
/// <param name="Raw">Header and content.</param>
internal sealed record GitObject(ObjectId Id, byte[] Raw)
{
    /// <summary>A blob with this content, whose hash is known.</summary>
    public static GitObject Blob(ReadOnlySpan<byte> content, ContentId id) => new(GitLibrary.IdOf(id), RawOf("blob", content));

    /// <summary>A commit of this text.</summary>
    public static GitObject Commit(string text) => OfRaw(RawOf("commit", Encoding.UTF8.GetBytes(text)));

    /// <summary>The object of header and content together.</summary>
    public static GitObject OfRaw(byte[] raw) => new(new ObjectId(HashOf(raw)), raw);

    /// <summary>The 20 bytes that git names header and content by.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "Git names its objects so; nothing is protected by it.")]
    public static byte[] HashOf(ReadOnlySpan<byte> raw) => SHA1.HashData(raw);

    /// <summary>What stands before the content.</summary>
    public static byte[] Header(string type, int length) => Encoding.ASCII.GetBytes($"{type} {length}\0");

    /// <summary>
    /// Writes its loose file. A large one is the root of many machines: half of it is hashes, and to compress the rest takes longer than to write it.
    /// It is stored as it is. Packing makes almost nothing of it later.
    /// </summary>
    public void WriteLoose(Stream file)
    {
        const int Large = 64 << 10;
        using var zlib = new ZLibStream(file, Raw.Length < Large ? CompressionLevel.Fastest : CompressionLevel.NoCompression, leaveOpen: true);
        zlib.Write(Raw);
    }

    private static byte[] RawOf(string type, ReadOnlySpan<byte> content)
    {
        var header = Header(type, content.Length);
        var raw = new byte[header.Length + content.Length];
        header.CopyTo(raw, 0);
        content.CopyTo(raw.AsSpan(header.Length));
        return raw;
    }
}
