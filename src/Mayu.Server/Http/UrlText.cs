using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Unicode;

namespace Mayu.Server.Http;

/// <summary>Parts of a URL as they stand on the wire.</summary>
internal static class UrlText
{
    private const int TokenDigits = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>
    /// Whether what is percent-encoded is UTF-8. The web server leaves the rest encoded, and nothing tells it from a percent sign that was meant: flash
    /// memory that nobody wrote to would give a machine the name <c>%ff%ff</c>.
    /// </summary>
    /// <param name="encoded">A part of a URL.</param>
    public static bool IsUtf8(string encoded) =>
        !encoded.Contains('%', StringComparison.Ordinal) || (Encoding.UTF8.GetBytes(encoded) is var bytes && Utf8.IsValid(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length)));

    /// <summary>A path without tokens: of some it is a segment, hexadecimal digits, so many that nobody guesses them.</summary>
    /// <param name="path">A path.</param>
    public static string WithoutTokens(string path) => string.Join('/', path.Split('/').Select(segment =>
        segment.Length >= TokenDigits && !segment.AsSpan().ContainsAnyExcept(HexDigits) ? "***" : segment));
}
