namespace Mayu.InfoPusher.Facts;

/// <summary>Ethernet addresses as text.</summary>
internal static class MacText
{
    private const int ByteCount = 6;

    /// <summary>
    /// The address in lower case with colons, or null where the text is not six bytes in hexadecimal with colons or dashes,
    /// or is all zero or the broadcast address.
    /// </summary>
    public static string? Normalize(string? text)
    {
        if (text is null || text.Length != (ByteCount * 3) - 1)
        {
            return null;
        }

        var mac = text.ToLowerInvariant().Replace('-', ':');
        for (var i = 0; i < mac.Length; i++)
        {
            var fits = i % 3 == 2 ? mac[i] == ':' : char.IsAsciiHexDigitLower(mac[i]);
            if (!fits)
            {
                return null;
            }
        }

        return mac is "00:00:00:00:00:00" or "ff:ff:ff:ff:ff:ff" ? null : mac;
    }
}
