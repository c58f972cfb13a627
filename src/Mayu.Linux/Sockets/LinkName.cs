using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Mayu.Primitives;

namespace Mayu.Linux.Sockets;

/// <summary>A MAC on an interface, that a packet socket sends IPv4 to: <c>struct sockaddr_ll</c>, packet(7).</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct LinkName
{
    private const ushort PacketFamily = 17;
    private const ushort Ipv4Protocol = 0x0800;
    private const int MacLength = 6;
    private const int Room = 8;

    private readonly ushort _family;
    private readonly ushort _protocol;
    private readonly int _interface;
    private readonly ushort _hardwareType;
    private readonly byte _packetType;
    private readonly byte _length;
    private fixed byte _mac[Room];

    /// <param name="index">The interface's number.</param>
    /// <param name="mac">Who gets it; null: everybody there.</param>
    public LinkName(int index, MacAddress? mac)
    {
        _family = PacketFamily;
        _protocol = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(Ipv4Protocol) : Ipv4Protocol;
        _interface = index;
        _length = MacLength;
        fixed (byte* octets = _mac)
        {
            var room = new Span<byte>(octets, Room);
            room[..MacLength].Fill(byte.MaxValue);
            mac?.CopyTo(room);
        }
    }
}
