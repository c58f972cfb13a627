using System.Buffers.Binary;
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
    /// The bytes of its loose file, in parts. A large one is the root of many machines: half of it is hashes, and to compress the rest
    /// takes longer than to write it. It is laid out as it is, with zlib's marks between. Packing makes almost nothing of it later.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> LooseForm()
    {
        const int Large = 64 << 10;
        if (Raw.Length >= Large)
        {
            return Stored(Raw);
        }

        using var buffer = new MemoryStream(Raw.Length + 64);
        using (var zlib = new ZLibStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(Raw);
        }

        return [buffer.GetBuffer().AsMemory(0, (int)buffer.Length)];
    }

    // RFC 1950 around blocks of RFC 1951, section 3.2.4.
    private static List<ReadOnlyMemory<byte>> Stored(byte[] raw)
    {
        const int Longest = ushort.MaxValue;
        var parts = new List<ReadOnlyMemory<byte>> { new byte[] { 0x78, 0x01 } };
        for (var at = 0; at < raw.Length; at += Longest)
        {
            var length = Math.Min(Longest, raw.Length - at);
            var mark = new byte[5];
            mark[0] = at + length == raw.Length ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt16LittleEndian(mark.AsSpan(1), (ushort)length);
            BinaryPrimitives.WriteUInt16LittleEndian(mark.AsSpan(3), (ushort)~length);
            parts.Add(mark);
            parts.Add(raw.AsMemory(at, length));
        }

        var sum = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(sum, Adler32(raw));
        parts.Add(sum);
        return parts;
    }

    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        // As many as fit before the sums must be reduced.
        const int Stretch = 5552;
        const uint Prime = 65521;
        var (a, b) = (1u, 0u);
        while (!bytes.IsEmpty)
        {
            var stretch = bytes[..Math.Min(Stretch, bytes.Length)];
            foreach (var value in stretch)
            {
                a += value;
                b += a;
            }

            a %= Prime;
            b %= Prime;
            bytes = bytes[stretch.Length..];
        }

        return (b << 16) | a;
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
