using System.Text;

namespace Mayu.Protocols.Net;

/// <summary>Text that came off the wire, made fit for a log line, a trace or a screen.</summary>
public static class WireText
{
    /// <summary>
    /// Renders bytes as printable ASCII. Trailing NULs fall away (firmware ends its strings with one); every other byte
    /// outside 0x20–0x7E, and the backslash, becomes <c>\xNN</c>. So no sender can forge a log line or steer a terminal.
    /// </summary>
    /// <param name="bytes">What the sender wrote.</param>
    /// <param name="maximum">Bytes shown before the text is cut with <c>…</c>.</param>
    public static string Printable(ReadOnlySpan<byte> bytes, int maximum = 128)
    {
        bytes = bytes.TrimEnd((byte)0);
        var cut = bytes.Length > maximum;
        if (cut)
        {
            bytes = bytes[..maximum];
        }

        if (!cut && !bytes.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E) && !bytes.Contains((byte)'\\'))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length + 16);
        foreach (var b in bytes)
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'\\')
            {
                text.Append((char)b);
            }
            else
            {
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{b:x2}");
            }
        }

        return cut ? text.Append('…').ToString() : text.ToString();
    }
}
