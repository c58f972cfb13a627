using System.Buffers;
using System.Text.RegularExpressions;

namespace Mayu.Core.Ignition.Checks;

/// <summary>URLs that carry what they name (RFC 2397), as Ignition reads them.</summary>
internal static partial class DataUrl
{
    private const int LongestHead = 1024;

    private static readonly SearchValues<char> Base64Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    // RFC 2396 §2.2 and §2.3: reserved and unreserved.
    private static readonly SearchValues<char> DataCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'();/?:@&=+$,");

    /// <summary>Takes a data URL apart.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="bytes">What it carries.</param>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static string? Read(string url, out byte[] bytes)
    {
        bytes = [];
        var comma = url.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            return "a data URL has a comma before its data: data:,text or data:;base64,dGV4dA==";
        }

        var head = Head().Match(comma <= LongestHead ? url[..comma] : "");
        if (!head.Success)
        {
            return "the part of a data URL before the comma is data:, then a media type (text/plain;charset=utf-8) or nothing, then ;base64 or nothing";
        }

        var data = url.AsSpan(comma + 1);
        return head.Groups["base64"].Success ? Base64(data, out bytes) : Escaped(data, out bytes);
    }

    private static string? Base64(ReadOnlySpan<char> data, out byte[] bytes)
    {
        bytes = new byte[(data.Length / 4 * 3) + 3];
        var valid = !data.ContainsAnyExcept(Base64Characters) && Convert.TryFromBase64Chars(data, bytes, out var length) ? length : -1;
        bytes = valid < 0 ? [] : bytes[..valid];
        return valid < 0 ? "what is behind ;base64, is no base64 (RFC 4648, with its = at the end): encode it again" : null;
    }

    private static string? Escaped(ReadOnlySpan<char> data, out byte[] bytes)
    {
        bytes = new byte[data.Length];
        var length = 0;
        for (var i = 0; i < data.Length; i++)
        {
            if (data[i] == '%')
            {
                if (i + 2 >= data.Length || !char.IsAsciiHexDigit(data[i + 1]) || !char.IsAsciiHexDigit(data[i + 2]))
                {
                    return "a % in a data URL is followed by two hexadecimal digits; write %25 for the character itself";
                }

                bytes[length++] = Convert.ToByte(data.Slice(i + 1, 2).ToString(), 16);
                i += 2;
            }
            else if (!DataCharacters.Contains(data[i]))
            {
                return "it has a character that a data URL must escape (a space is %20, a line's end %0A): a template's data_url does it";
            }
            else
            {
                bytes[length++] = (byte)data[i];
            }
        }

        bytes = bytes[..length];
        return null;
    }

    [GeneratedRegex(
        @"\Adata:([A-Za-z0-9!#$&\-^_.+]+/[A-Za-z0-9!#$&\-^_.+]+)?(;[A-Za-z0-9!#$&\-^_.+]+=([A-Za-z0-9!#$&\-^_.+%]+|""[^""\\]*""))*(?<base64>;base64)?\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Head();
}
