using System.Buffers.Binary;
using Mayu.Core.Addresses;

namespace Mayu.Server.Wire;

/// <summary>ARP for IPv4 over Ethernet (RFC 826): 28 bytes.</summary>
internal static class ArpPacket
{
    public const int Length = 28;

    private const ushort Ethernet = 1;
    private const ushort IPv4 = 0x0800;
    private const ushort Request = 1;
    private const int SenderHardware = 8;
    private const int SenderAddress = 14;
    private const int TargetAddress = 24;
    private const int HardwareLength = 6;

    /// <summary>
    /// Writes a probe (RFC 5227 §2.1.1): it asks who has the address and names no sender address, so that no cache learns anything
    /// from it.
    /// </summary>
    public static void WriteProbe(Span<byte> packet, ReadOnlySpan<byte> ownHardware, Ipv4 address)
    {
        packet[..Length].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet, Ethernet);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], IPv4);
        packet[4] = HardwareLength;
        packet[5] = sizeof(uint);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], Request);
        ownHardware[..HardwareLength].CopyTo(packet[SenderHardware..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[TargetAddress..], address.Value);
    }

    /// <summary>Who says that he has which address; false for a probe, and for what is no ARP of IPv4 over Ethernet.</summary>
    public static bool TryReadSender(ReadOnlySpan<byte> packet, out Ipv4 address, out MacAddress mac)
    {
        (address, mac) = (default, default);
        if (packet.Length < Length
            || BinaryPrimitives.ReadUInt16BigEndian(packet) != Ethernet || BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) != IPv4
            || packet[4] != HardwareLength || packet[5] != sizeof(uint))
        {
            return false;
        }

        address = new Ipv4(BinaryPrimitives.ReadUInt32BigEndian(packet[SenderAddress..]));
        mac = MacAddress.FromOctets(packet.Slice(SenderHardware, HardwareLength));
        return address.Value != 0;
    }
}
