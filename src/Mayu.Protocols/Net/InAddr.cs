using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mayu.Protocols.Net;

/// <summary>An IPv4 address as a DHCP packet carries it: four bytes, kept as a number in host order. Costs no allocation.</summary>
/// <param name="Value">The address as a number: 10.0.0.1 is 0x0A000001.</param>
public readonly record struct InAddr(uint Value) : IComparable<InAddr>
{
    /// <summary>How many bytes an address takes on the wire.</summary>
    public const int Size = 4;

    /// <summary>0.0.0.0: no address. Senders that have none yet use it (RFC 1122 §3.2.1.3).</summary>
    public static InAddr Any => default;

    /// <summary>255.255.255.255: everybody on this link (RFC 1122 §3.2.1.3).</summary>
    public static InAddr Broadcast => new(uint.MaxValue);

    /// <summary>Whether this is 0.0.0.0.</summary>
    public bool IsAny => Value == 0;

    /// <summary>Makes an address of its four numbers: <c>Of(10, 0, 0, 1)</c>.</summary>
    /// <param name="a">First number.</param>
    /// <param name="b">Second number.</param>
    /// <param name="c">Third number.</param>
    /// <param name="d">Fourth number.</param>
    public static InAddr Of(byte a, byte b, byte c, byte d) => new(((uint)a << 24) | ((uint)b << 16) | ((uint)c << 8) | d);

    /// <summary>Takes an <see cref="IPAddress"/> over.</summary>
    /// <param name="address">An IPv4 address, or an IPv6 address that maps one.</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static InAddr From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[Size];
        if (address.AddressFamily != AddressFamily.InterNetwork || !address.TryWriteBytes(bytes, out _))
        {
            throw new ArgumentException($"{address} is not an IPv4 address", nameof(address));
        }

        return Read(bytes);
    }

    /// <summary>Reads the first four bytes, network order.</summary>
    /// <param name="bytes">At least four bytes.</param>
    public static InAddr Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Writes four bytes, network order.</summary>
    /// <param name="bytes">Room for at least four bytes.</param>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt32BigEndian(bytes, Value);

    /// <summary>The same address for the socket calls.</summary>
    public IPAddress ToIPAddress() => new(BinaryPrimitives.ReverseEndianness(Value));

    /// <inheritdoc/>
    public int CompareTo(InAddr other) => Value.CompareTo(other.Value);

    /// <summary>Lower by number.</summary>
    public static bool operator <(InAddr left, InAddr right) => left.Value < right.Value;

    /// <summary>Higher by number.</summary>
    public static bool operator >(InAddr left, InAddr right) => left.Value > right.Value;

    /// <summary>Lower by number, or the same.</summary>
    public static bool operator <=(InAddr left, InAddr right) => left.Value <= right.Value;

    /// <summary>Higher by number, or the same.</summary>
    public static bool operator >=(InAddr left, InAddr right) => left.Value >= right.Value;

    /// <summary>Dotted decimal.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Value >> 24}.{(Value >> 16) & 0xFF}.{(Value >> 8) & 0xFF}.{Value & 0xFF}");
}
