using System.Buffers;

namespace Mayu.Primitives;

/// <summary>Texts from outside that may have a token in them, for logs, traces and answers.</summary>
public static class TokenText
{
    private const string Hidden = "***";

    // Boot tokens have as many, and etcd's: nobody guesses so many hexadecimal digits.
    private const int TokenDigits = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The text with <c>***</c> for each run of 32 or more hexadecimal digits, wherever it stands.</summary>
    public static string Hide(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length < TokenDigits)
        {
            return text;
        }

        for (var at = 0; at < text.Length;)
        {
            var start = text.AsSpan(at).IndexOfAny(HexDigits);
            if (start < 0)
            {
                break;
            }

            start += at;
            var length = text.AsSpan(start).IndexOfAnyExcept(HexDigits) is >= 0 and var end ? end : text.Length - start;
            if (length >= TokenDigits)
            {
                text = string.Concat(text.AsSpan(0, start), Hidden, text.AsSpan(start + length));
                length = Hidden.Length;
            }

            at = start + length;
        }

        return text;
    }
}
