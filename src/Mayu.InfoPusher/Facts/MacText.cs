namespace Mayu.InfoPusher.Facts;

/// <summary>Hardware addresses as text.</summary>
internal static class MacText
{
    /// <summary>Octets of an Ethernet address.</summary>
    public const int Ethernet = 6;

    /// <summary>Octets of an InfiniBand address (RFC 4391, 9.1.1).</summary>
    public const int InfiniBand = 20;

    /// <summary>
    /// The address in lower case with colons, or null where the text is not so many bytes in hexadecimal with colons or dashes,
    /// or is all zero or the broadcast address.
    /// </summary>
    /// <param name="text">What was read.</param>
    /// <param name="octets">How many octets an address of this kind has.</param>
    public static string? Normalize(string? text, int octets = Ethernet)
    {
        if (text is null || text.Length != (octets * 3) - 1)
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

        return mac.All(c => c is '0' or ':') || mac.All(c => c is 'f' or ':') ? null : mac;
    }
}
