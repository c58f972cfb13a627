using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace Mayu.Core.Butane;

/// <summary>Makes data URLs (RFC 2397) as short as they can be.</summary>
internal static class DataUrls
{
    // Less than this is hardly shorter once it is compressed.
    private const int WorthCompressing = 1024;

    // RFC 2396 §2.3: unreserved.
    private static readonly SearchValues<byte> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()"u8);

    /// <summary>The shortest URL that carries these bytes.</summary>
    /// <param name="bytes">What it carries.</param>
    /// <param name="gzip">Whether it may be compressed.</param>
    /// <returns>The URL, and the compression that goes with it: <c>gzip</c> or nothing.</returns>
    public static (string Url, string Compression) Of(ReadOnlyMemory<byte> bytes, bool gzip)
    {
        var escaped = 1;
        foreach (var b in bytes.Span)
        {
            escaped += Plain.Contains(b) ? 1 : 3;
        }

        var encoded = Base64Length(bytes.Length);
        if (gzip && bytes.Length >= WorthCompressing && Compressed(bytes.Span) is var compressed && Base64Length(compressed.Length) < Math.Min(escaped, encoded))
        {
            return ("data:;base64," + Convert.ToBase64String(compressed), "gzip");
        }

        return (encoded < escaped ? "data:;base64," + Convert.ToBase64String(bytes.Span) : "data:," + Escaped(bytes.Span), "");
    }

    private static int Base64Length(int length) => ";base64,".Length + ((length + 2) / 3 * 4);

    private static string Escaped(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length * 2);
        foreach (var b in bytes)
        {
            _ = Plain.Contains(b) ? text.Append((char)b) : text.Append('%').Append(b.ToString("X2"));
        }

        return text.ToString();
    }

    private static byte[] Compressed(ReadOnlySpan<byte> bytes)
    {
        using var buffer = new MemoryStream();
        using (var stream = new GZipStream(buffer, CompressionLevel.Optimal))
        {
            stream.Write(bytes);
        }

        return buffer.ToArray();
    }
}
