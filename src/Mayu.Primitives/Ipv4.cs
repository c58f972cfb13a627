using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Mayu.Primitives;

/// <summary>
/// An IPv4 address, kept as a number: it costs no allocation. As text it is strictly read: four decimal octets without leading zeros
/// (the framework also takes "10.1").
/// </summary>
public readonly record struct Ipv4 : IComparable<Ipv4>
{
    /// <summary>How many bytes an address takes on the wire.</summary>
    public const int Size = 4;

    /// <summary>The address of a number in host order: 10.0.0.1 is 0x0A000001.</summary>
    public Ipv4(uint value) => Value = value;

    /// <summary>The address as a number, the first octet in the highest byte.</summary>
    public uint Value { get; }

    /// <summary>0.0.0.0: no address. Senders that have none yet use it (RFC 1122 §3.2.1.3).</summary>
    public static Ipv4 Any => default;

    /// <summary>255.255.255.255: everybody on this link (RFC 1122 §3.2.1.3).</summary>
    public static Ipv4 Broadcast => new(uint.MaxValue);

    /// <summary>Whether this is 0.0.0.0.</summary>
    public bool IsAny => Value == 0;

    /// <summary>Makes an address of its four numbers: <c>Of(10, 0, 0, 1)</c>.</summary>
    public static Ipv4 Of(byte a, byte b, byte c, byte d) => new(((uint)a << 24) | ((uint)b << 16) | ((uint)c << 8) | d);

    /// <summary>Reads the first four bytes, network order.</summary>
    /// <param name="bytes">At least four bytes.</param>
    public static Ipv4 Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Writes four bytes, network order.</summary>
    /// <param name="bytes">Room for at least four bytes.</param>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt32BigEndian(bytes, Value);

    /// <summary>Reads a dotted quad; anything else is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4 address)
    {
        address = default;
        if (text.Length is < 7 or > 15)
        {
            return false;
        }

        uint value = 0;
        var octets = 0;
        foreach (var part in text.Split('.'))
        {
            var digits = text[part];
            if (digits.Length is 0 or > 3 || (digits.Length > 1 && digits[0] == '0') || digits.ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            var octet = uint.Parse(digits);
            if (octet > 255 || ++octets > 4)
            {
                return false;
            }

            value = (value << 8) | octet;
        }

        address = new Ipv4(value);
        return octets == 4;
    }

    /// <summary>The address of the framework's type, which must be IPv4.</summary>
    /// <exception cref="ArgumentException">It is no IPv4 address.</exception>
    public static Ipv4 From(IPAddress address)
    {
        var v4 = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Span<byte> octets = stackalloc byte[Size];
        return v4.TryWriteBytes(octets, out var written) && written == Size
            ? Read(octets)
            : throw new ArgumentException($"{address} is not an IPv4 address", nameof(address));
    }

    /// <summary>The framework's type, for sockets.</summary>
    public IPAddress ToIPAddress() => new(BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(Value) : Value);

    /// <inheritdoc/>
    public int CompareTo(Ipv4 other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value >> 24}.{(Value >> 16) & 255}.{(Value >> 8) & 255}.{Value & 255}");

    /// <summary>Numeric order.</summary>
    public static bool operator <(Ipv4 left, Ipv4 right) => left.Value < right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator >(Ipv4 left, Ipv4 right) => left.Value > right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator <=(Ipv4 left, Ipv4 right) => left.Value <= right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator >=(Ipv4 left, Ipv4 right) => left.Value >= right.Value;
}
