namespace Mayu.Protocols.Tftp;

/// <summary>
/// The mode <c>netascii</c> (RFC 1350 §1, RFC 764): a line's end goes over the wire as CR LF, and a CR that ends no line
/// as CR NUL. Bytes above 127 go as they are.
/// </summary>
public static class Netascii
{
    private const byte CarriageReturn = (byte)'\r';
    private const byte LineFeed = (byte)'\n';

    /// <summary>How many bytes a text has on the wire: each CR and each LF is one more. Exact, as <c>tsize</c> must be.</summary>
    public static long EncodedLength(ReadOnlySpan<byte> text) => (long)text.Length + text.Count(CarriageReturn) + text.Count(LineFeed);

    /// <summary>Writes a text as it goes over the wire.</summary>
    /// <param name="text">The text, with LF at the end of its lines.</param>
    /// <param name="destination">Room for <see cref="EncodedLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        var at = 0;
        while (true)
        {
            var plain = text.IndexOfAny(CarriageReturn, LineFeed);
            if (plain < 0)
            {
                text.CopyTo(destination[at..]);
                return at + text.Length;
            }

            text[..plain].CopyTo(destination[at..]);
            at += plain;
            destination[at++] = CarriageReturn;
            destination[at++] = text[plain] == LineFeed ? LineFeed : (byte)0;
            text = text[(plain + 1)..];
        }
    }
}
