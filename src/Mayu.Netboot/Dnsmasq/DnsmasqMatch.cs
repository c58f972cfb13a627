using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Mayu.Primitives;
using Mayu.Protocols.Dhcp;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>How dnsmasq looks at a client's packet: the lines that set a tag by an option, or by the MAC.</summary>
internal static class DnsmasqMatch
{
    private const string ClientArchitecture = "option:client-arch";

    /// <summary>Whether a line fits a packet; null where this program does not know what the line means.</summary>
    public static bool? Fits(DnsmasqLine line, in DhcpPacket packet, MacAddress mac) => (line.Keyword, line.Rest) switch
    {
        ("dhcp-vendorclass", [var text]) => HasText(packet, DhcpOptionCode.VendorClassIdentifier, text),
        ("dhcp-userclass", [var text]) => HasText(packet, DhcpOptionCode.UserClass, text),
        ("dhcp-mac", [var pattern]) => IsMac(mac, pattern),
        ("dhcp-match", [ClientArchitecture]) => packet.TryGetOption(DhcpOptionCode.ClientSystemArchitecture, out _),
        ("dhcp-match", [ClientArchitecture, var number]) when ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var architecture) =>
            HasBytes(packet, DhcpOptionCode.ClientSystemArchitecture, TwoBytes(architecture)),
        ("dhcp-match", [var code]) when TryCode(code, out var option) => packet.TryGetOption(option, out _),
        ("dhcp-match", [var code, var value]) when TryCode(code, out var option) => HasValue(packet, option, value),
        _ => null,
    };

    private static bool HasText(in DhcpPacket packet, DhcpOptionCode code, string text) =>
        packet.TryGetOption(code, out var value) && value.IndexOf(Encoding.ASCII.GetBytes(text)) >= 0;

    // What has a colon is hex, and stands at the option's beginning; a number may stand anywhere in it, at a multiple of its size; a text anywhere.
    private static bool HasValue(in DhcpPacket packet, DhcpOptionCode code, string value)
    {
        if (value.Contains(':', StringComparison.Ordinal))
        {
            return packet.TryGetOption(code, out var option) && TryHex(value, out var start) && option.StartsWith(start);
        }

        if (!uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return HasText(packet, code, value);
        }

        return HasBytes(packet, code, number <= byte.MaxValue ? [(byte)number] : number <= ushort.MaxValue ? TwoBytes((ushort)number) : FourBytes(number));
    }

    private static bool HasBytes(in DhcpPacket packet, DhcpOptionCode code, byte[] value)
    {
        packet.TryGetOption(code, out var option);
        for (var i = 0; i + value.Length <= option.Length; i += value.Length)
        {
            if (option.Slice(i, value.Length).SequenceEqual(value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsMac(MacAddress mac, string pattern)
    {
        var (own, wanted) = (mac.ToString().Split(':'), pattern.Split(':'));
        return own.Length == wanted.Length && own.Zip(wanted).All(pair => pair.Second == "*" || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    private static bool TryCode(string text, out DhcpOptionCode code)
    {
        var isCode = byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        code = (DhcpOptionCode)number;
        return isCode;
    }

    private static bool TryHex(string text, out byte[] bytes)
    {
        var octets = text.Split(':', StringSplitOptions.RemoveEmptyEntries);
        bytes = [.. octets.Select(octet => byte.TryParse(octet, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var one) ? one : (byte)0)];
        return octets.All(octet => byte.TryParse(octet, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _));
    }

    private static byte[] TwoBytes(ushort number)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] FourBytes(uint number)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return bytes;
    }
}
