using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Mayu.Storage.Folders;

/// <summary>The content of a file by its hash, which is the name that git has for it: SHA-1 of <c>blob</c>, the length, NUL and the bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ContentId
{
    /// <summary>How many bytes it has.</summary>
    public const int Size = 20;

    private readonly ulong _first;
    private readonly ulong _middle;
    private readonly uint _last;

    /// <summary>The id that has these 20 bytes.</summary>
    public ContentId(ReadOnlySpan<byte> bytes) =>
        (_first, _middle, _last) = (
            BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]));

    /// <summary>The id of a content.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "Git names its objects so; nothing is protected by it.")]
    public static ContentId Of(ReadOnlySpan<byte> content)
    {
        var header = Encoding.ASCII.GetBytes($"blob {content.Length}\0");
        var raw = ArrayPool<byte>.Shared.Rent(header.Length + content.Length);
        try
        {
            header.CopyTo(raw, 0);
            content.CopyTo(raw.AsSpan(header.Length));
            Span<byte> hash = stackalloc byte[Size];
            SHA1.HashData(raw.AsSpan(0, header.Length + content.Length), hash);
            return new ContentId(hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
        }
    }

    /// <summary>Reads what <see cref="ToString"/> gave.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static ContentId Parse(string text) =>
        text.Length == 2 * Size ? new ContentId(Convert.FromHexString(text)) : throw new FormatException("it names no content");

    /// <summary>Writes its 20 bytes.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _first);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _middle);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], _last);
    }

    /// <summary>Its 20 bytes.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>40 hex digits.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_first:x16}{_middle:x16}{_last:x8}");
}
