using System.Buffers;
using System.Text;

namespace Mayu.Server.Http;

/// <summary>
/// Refuses values of two headers that the web server takes: a length like <c>+2</c>, while RFC 9110 §8.6 has digits alone; and a host that is none, where
/// the request line names another one (RFC 9112 §3.2). It asks which encoding a header has, and there the bytes are to be seen.
/// </summary>
internal sealed class CheckedHeader : Encoding
{
    // The longest number that there is room for.
    private const int MostDigits = 19;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789"u8);

    // RFC 3986 §3.2.2, and a port. Empty is a host, too: that of a target without one.
    private static readonly SearchValues<byte> HostBytes =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~!$&'()*+,;=%:[]"u8);

    private static readonly CheckedHeader Length = new(
        static value => value.Length is > 0 and <= MostDigits && !value.ContainsAnyExcept(Digits), "Content-Length is not a number.");

    private static readonly CheckedHeader Host = new(static value => !value.ContainsAnyExcept(HostBytes), "Host is not a host.");

    private readonly Func<ReadOnlySpan<byte>, bool> _isValid;
    private readonly string _problem;

    private CheckedHeader(Func<ReadOnlySpan<byte>, bool> isValid, string problem) => (_isValid, _problem) = (isValid, problem);

    /// <summary>The encoding of a header; null: the web server's own.</summary>
    public static Encoding? EncodingOf(string header) =>
        header.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? Length
        : header.Equals("Host", StringComparison.OrdinalIgnoreCase) ? Host
        : null;

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars) => _isValid(bytes)
        ? Latin1.GetChars(bytes, chars)
        : throw new BadHttpRequestException(_problem, StatusCodes.Status400BadRequest);

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
