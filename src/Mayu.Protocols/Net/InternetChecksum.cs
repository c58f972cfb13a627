using System.Buffers.Binary;

namespace Mayu.Protocols.Net;

/// <summary>The checksum of IPv4, UDP and ICMP (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words.</summary>
public static class InternetChecksum
{
    /// <summary>The sum of words in network order, not folded yet; an odd last byte is the upper half of a word.</summary>
    /// <param name="bytes">At most 65,535 bytes, so that 32 bits hold it.</param>
    public static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (; bytes.Length > 1; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }

    /// <summary>The checksum of what was summed up.</summary>
    public static ushort Of(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~(sum + (sum >> 16));
    }
}
