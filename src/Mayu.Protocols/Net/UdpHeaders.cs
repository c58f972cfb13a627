using System.Buffers.Binary;
using Mayu.Primitives;

namespace Mayu.Protocols.Net;

/// <summary>The headers of IPv4 (RFC 791) and UDP (RFC 768), for packets that do not go through the kernel's own UDP. Costs no allocation.</summary>
public static class UdpHeaders
{
    /// <summary>Bytes of both, without options.</summary>
    public const int Length = IpLength + UdpLength;

    private const int IpLength = 20;
    private const int UdpLength = 8;
    private const byte VersionAndLength = 0x45;
    private const ushort DoNotFragment = 0x4000;
    private const byte TimeToLive = 64;
    private const byte Udp = 17;

    /// <summary>Writes them in front of what the packet carries, with both checksums.</summary>
    /// <param name="packet">The whole packet: room for the headers, then the content. 65,535 bytes at most.</param>
    /// <param name="source">Who sends it.</param>
    /// <param name="sourcePort">From which port.</param>
    /// <param name="destination">Who gets it.</param>
    /// <param name="destinationPort">At which port.</param>
    public static void Write(Span<byte> packet, Ipv4 source, ushort sourcePort, Ipv4 destination, ushort destinationPort)
    {
        var ip = packet[..IpLength];
        var udp = packet[IpLength..];
        // What is never fragmented needs no identification (RFC 6864 §4.1).
        ip.Clear();
        ip[0] = VersionAndLength;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(ip[6..], DoNotFragment);
        ip[8] = TimeToLive;
        ip[9] = Udp;
        source.Write(ip[12..]);
        destination.Write(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], InternetChecksum.Of(InternetChecksum.Sum(ip)));

        BinaryPrimitives.WriteUInt16BigEndian(udp, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], 0);
        // The pseudo header: both addresses, the protocol and the length.
        var sum = InternetChecksum.Sum(ip[12..]) + Udp + (uint)udp.Length + InternetChecksum.Sum(udp);
        var checksum = InternetChecksum.Of(sum);
        // 0 says that there is none.
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? ushort.MaxValue : checksum);
    }
}
