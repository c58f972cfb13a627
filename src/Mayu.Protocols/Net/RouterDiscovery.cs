using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Mayu.Primitives;

namespace Mayu.Protocols.Net;

/// <summary>The messages by which hosts find IPv6 routers (RFC 4861 §4.1, §4.2). Checksums are the kernel's.</summary>
public static class RouterDiscovery
{
    /// <summary>The ICMPv6 type of a router solicitation.</summary>
    public const byte SolicitationType = 133;

    /// <summary>The ICMPv6 type of a router advertisement.</summary>
    public const byte AdvertisementType = 134;

    private const int SolicitationLength = 8;
    private const int AdvertisementLength = 16;
    private const int LifetimeOffset = 6;
    private const byte SourceLinkLayerAddress = 1;
    private const int OptionUnit = 8;

    /// <summary>A router solicitation without options.</summary>
    public static ReadOnlyMemory<byte> Solicitation { get; } = new byte[] { SolicitationType, 0, 0, 0, 0, 0, 0, 0 };

    /// <summary>A router advertisement of lifetime 0, without prefixes and flags: the sender is no router.</summary>
    public static ReadOnlyMemory<byte> NoRouter { get; } = new byte[] { AdvertisementType, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

    /// <summary>Who sent a router solicitation.</summary>
    /// <param name="message">The ICMPv6 message.</param>
    /// <param name="source">Its source address.</param>
    /// <param name="mac">The source link-layer address option; without it the MAC in the interface identifier (RFC 4291, appendix A).</param>
    /// <returns>False for another message, one from beyond the link, and one that names no MAC.</returns>
    public static bool TryReadSolicitation(ReadOnlySpan<byte> message, IPAddress source, out MacAddress mac)
    {
        mac = default;
        if (message.Length < SolicitationLength || message[0] != SolicitationType || message[1] != 0 || !source.IsIPv6LinkLocal)
        {
            return false;
        }

        for (var options = message[SolicitationLength..]; options.Length >= OptionUnit && options[1] != 0;)
        {
            if (options[0] == SourceLinkLayerAddress && options[1] == 1)
            {
                mac = MacAddress.FromOctets(options[2..OptionUnit]);
                return true;
            }

            options = options[Math.Min(options.Length, options[1] * OptionUnit)..];
        }

        return TryReadIdentifier(source, out mac);
    }

    /// <summary>How long the sender of a router advertisement is a router; null for another message, zero for one that is none.</summary>
    /// <param name="message">The ICMPv6 message.</param>
    /// <param name="source">Its source address.</param>
    public static TimeSpan? RouterLifetime(ReadOnlySpan<byte> message, IPAddress source) =>
        message.Length >= AdvertisementLength && message[0] == AdvertisementType && message[1] == 0 && source.IsIPv6LinkLocal
            ? TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt16BigEndian(message[LifetimeOffset..]))
            : null;

    private static bool TryReadIdentifier(IPAddress source, out MacAddress mac)
    {
        mac = default;
        Span<byte> octets = stackalloc byte[16];
        if (source.AddressFamily != AddressFamily.InterNetworkV6 || !source.TryWriteBytes(octets, out _) || octets[11] != 0xff || octets[12] != 0xfe)
        {
            return false;
        }

        mac = MacAddress.FromOctets([(byte)(octets[8] ^ 0x02), octets[9], octets[10], octets[13], octets[14], octets[15]]);
        return true;
    }
}
