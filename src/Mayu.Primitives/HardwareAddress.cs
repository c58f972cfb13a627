using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Mayu.Primitives;

/// <summary>
/// A link-layer address as BOOTP carries it: <c>htype</c>, <c>hlen</c> and the first <c>hlen</c> bytes of <c>chaddr</c>
/// (RFC 2131 §2). A value: it can be kept after the packet is gone, and serve as a key, without an allocation.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HardwareAddress
{
    /// <summary>The room of <c>chaddr</c>; a longer address does not fit a packet.</summary>
    public const int MaximumLength = 16;

    /// <summary><c>htype</c> of Ethernet (RFC 1700).</summary>
    public const byte Ethernet = 1;

    private readonly ulong _high;
    private readonly ulong _low;

    /// <summary>Makes an address.</summary>
    /// <param name="type">Hardware type, <see cref="Ethernet"/> for MAC addresses.</param>
    /// <param name="bytes">0 to 16 bytes.</param>
    /// <exception cref="ArgumentException">More than 16 bytes.</exception>
    public HardwareAddress(byte type, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaximumLength)
        {
            throw new ArgumentException("A hardware address has at most 16 bytes", nameof(bytes));
        }

        Span<byte> padded = stackalloc byte[MaximumLength];
        padded.Clear();
        bytes.CopyTo(padded);
        Type = type;
        Length = (byte)bytes.Length;
        _high = BinaryPrimitives.ReadUInt64BigEndian(padded);
        _low = BinaryPrimitives.ReadUInt64BigEndian(padded[8..]);
    }

    /// <summary>Hardware type (<c>htype</c>): 1 Ethernet, 32 InfiniBand.</summary>
    public byte Type { get; }

    /// <summary>Length in bytes (<c>hlen</c>), 0 to 16; 6 for Ethernet.</summary>
    public byte Length { get; }

    /// <summary>Whether this is an Ethernet address of six bytes that can belong to one NIC: neither all zero nor a group address.</summary>
    public bool IsUnicastMac => Type == Ethernet && Length == 6 && _high != 0 && (_high >> 56 & 1) == 0;

    /// <summary>Copies the address.</summary>
    /// <param name="destination">Room for at least <see cref="Length"/> bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        Span<byte> padded = stackalloc byte[MaximumLength];
        BinaryPrimitives.WriteUInt64BigEndian(padded, _high);
        BinaryPrimitives.WriteUInt64BigEndian(padded[8..], _low);
        padded[..Length].CopyTo(destination);
    }

    /// <summary>Lower-case hex with colons: <c>52:54:00:00:00:01</c>; empty without bytes.</summary>
    public override string ToString()
    {
        if (Length == 0)
        {
            return "";
        }

        return string.Create((Length * 3) - 1, this, static (text, address) =>
        {
            const string Digits = "0123456789abcdef";
            Span<byte> bytes = stackalloc byte[MaximumLength];
            address.CopyTo(bytes);
            for (var i = 0; i < address.Length; i++)
            {
                text[i * 3] = Digits[bytes[i] >> 4];
                text[(i * 3) + 1] = Digits[bytes[i] & 0xF];
                if (i + 1 < address.Length)
                {
                    text[(i * 3) + 2] = ':';
                }
            }
        });
    }
}
