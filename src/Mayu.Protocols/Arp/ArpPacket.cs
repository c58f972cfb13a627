using System.Buffers.Binary;
using Mayu.Primitives;

namespace Mayu.Protocols.Arp;

/// <summary>ARP for IPv4 over Ethernet (RFC 826).</summary>
public static class ArpPacket
{
    /// <summary>How long a packet is, in bytes, without the Ethernet header.</summary>
    public const int Length = 28;

    private const ushort Ethernet = 1;
    private const ushort IPv4 = 0x0800;
    private const ushort Request = 1;
    private const int SenderHardwareOffset = 8;
    private const int SenderAddressOffset = 14;
    private const int TargetAddressOffset = 24;
    private const int HardwareLength = 6;

    /// <summary>
    /// Writes a probe (RFC 5227 §2.1.1): it asks who has the address and names no sender address, so that no cache learns anything
    /// from it.
    /// </summary>
    /// <param name="packet">Room for <see cref="Length"/> bytes.</param>
    /// <param name="ownHardware">The asker's 6 bytes.</param>
    /// <param name="address">The address that is asked for.</param>
    public static void WriteProbe(Span<byte> packet, ReadOnlySpan<byte> ownHardware, Ipv4 address)
    {
        packet[..Length].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(packet, Ethernet);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], IPv4);
        packet[4] = HardwareLength;
        packet[5] = Ipv4.Size;
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], Request);
        ownHardware[..HardwareLength].CopyTo(packet[SenderHardwareOffset..]);
        address.Write(packet[TargetAddressOffset..]);
    }

    /// <summary>Who says that he has which address; false for a probe, and for what is no ARP of IPv4 over Ethernet.</summary>
    /// <param name="packet">What came, padding behind it allowed.</param>
    /// <param name="address">The sender's address.</param>
    /// <param name="hardware">The sender.</param>
    public static bool TryReadSender(ReadOnlySpan<byte> packet, out Ipv4 address, out HardwareAddress hardware)
    {
        (address, hardware) = (default, default);
        if (packet.Length < Length
            || BinaryPrimitives.ReadUInt16BigEndian(packet) != Ethernet || BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) != IPv4
            || packet[4] != HardwareLength || packet[5] != Ipv4.Size)
        {
            return false;
        }

        address = Ipv4.Read(packet[SenderAddressOffset..]);
        hardware = new HardwareAddress(HardwareAddress.Ethernet, packet.Slice(SenderHardwareOffset, HardwareLength));
        return !address.IsAny;
    }
}
