using System.Text.Unicode;

namespace Mayu.Primitives;

/// <summary>Whether bytes are a text. A decoder puts U+FFFD in the place of what is none, and says nothing of it.</summary>
public static class Utf8Text
{
    /// <summary>The first line that is no UTF-8 (RFC 3629), from 1; null where all are. The byte of a line's end is in no other character.</summary>
    /// <param name="bytes">What stands in a file.</param>
    public static int? FaultyLine(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return null;
        }

        var line = 1;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            if (!Utf8.IsValid(bytes[range]))
            {
                break;
            }

            line++;
        }

        return line;
    }
}
