using System.Net;

namespace Mayu.Core.Addresses;

/// <summary>An IPv4 address, strictly read: four decimal octets without leading zeros (the framework also takes "10.1").</summary>
public readonly record struct Ipv4 : IComparable<Ipv4>
{
    /// <summary>The address of a number in host order.</summary>
    public Ipv4(uint value) => Value = value;

    /// <summary>The address as a number, the first octet in the highest byte.</summary>
    public uint Value { get; }

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
        Span<byte> octets = stackalloc byte[4];
        if (!v4.TryWriteBytes(octets, out var written) || written != 4)
        {
            throw new ArgumentException("Not an IPv4 address.", nameof(address));
        }

        return new Ipv4(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(octets));
    }

    /// <summary>The framework's type, for sockets.</summary>
    public IPAddress ToIPAddress() => new([(byte)(Value >> 24), (byte)(Value >> 16), (byte)(Value >> 8), (byte)Value]);

    /// <inheritdoc/>
    public int CompareTo(Ipv4 other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => $"{Value >> 24}.{(Value >> 16) & 255}.{(Value >> 8) & 255}.{Value & 255}";

    /// <summary>Numeric order.</summary>
    public static bool operator <(Ipv4 left, Ipv4 right) => left.Value < right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator >(Ipv4 left, Ipv4 right) => left.Value > right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator <=(Ipv4 left, Ipv4 right) => left.Value <= right.Value;

    /// <summary>Numeric order.</summary>
    public static bool operator >=(Ipv4 left, Ipv4 right) => left.Value >= right.Value;
}
