using System.Globalization;

namespace Mayu.Primitives;

/// <summary>A 48-bit Ethernet address (IEEE 802 MAC-48), printed as <c>aa:bb:cc:dd:ee:ff</c>.</summary>
public readonly record struct MacAddress : IComparable<MacAddress>
{
    private readonly ulong _value;

    private MacAddress(ulong value) => _value = value;

    /// <summary>The address of six octets in wire order.</summary>
    /// <exception cref="ArgumentException">There are not six octets.</exception>
    public static MacAddress FromOctets(ReadOnlySpan<byte> octets)
    {
        if (octets.Length != 6)
        {
            throw new ArgumentException("A MAC address has 6 octets.", nameof(octets));
        }

        ulong value = 0;
        foreach (var octet in octets)
        {
            value = (value << 8) | octet;
        }

        return new MacAddress(value);
    }

    /// <summary>Writes its six octets in wire order.</summary>
    /// <param name="destination">Room for at least six bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        for (var i = 0; i < 6; i++)
        {
            destination[i] = (byte)(_value >> (8 * (5 - i)));
        }
    }

    /// <summary>
    /// Reads six hex octets divided by <c>:</c> or <c>-</c>. All zeros and group addresses are refused: no interface has them.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress mac)
    {
        mac = default;
        if (text.Length != 17 || text[2] is not (':' or '-'))
        {
            return false;
        }

        var separator = text[2];
        ulong value = 0;
        for (var i = 0; i < 6; i++)
        {
            if (i > 0 && text[(i * 3) - 1] != separator)
            {
                return false;
            }

            if (!byte.TryParse(text.Slice(i * 3, 2), NumberStyles.AllowHexSpecifier, provider: null, out var octet))
            {
                return false;
            }

            value = (value << 8) | octet;
        }

        if (value == 0 || ((value >> 40) & 1) == 1)
        {
            return false;
        }

        mac = new MacAddress(value);
        return true;
    }

    /// <summary>Whether software chose it (IEEE 802, the second bit of the first octet), so that another interface may have the same.</summary>
    public bool IsLocallyAdministered => ((_value >> 41) & 1) == 1;

    /// <summary>Whose it is: the first three octets, as the upper bits of a number of 24.</summary>
    public uint Oui => (uint)(_value >> 24);

    /// <summary>The form PXELINUX, GRUB and iPXE's <c>:hexhyp</c> use: <c>aa-bb-cc-dd-ee-ff</c>.</summary>
    public string ToHyphenated() => Format('-');

    /// <inheritdoc/>
    public override string ToString() => Format(':');

    /// <inheritdoc/>
    public int CompareTo(MacAddress other) => _value.CompareTo(other._value);

    /// <summary>Numeric order.</summary>
    public static bool operator <(MacAddress left, MacAddress right) => left._value < right._value;

    /// <summary>Numeric order.</summary>
    public static bool operator >(MacAddress left, MacAddress right) => left._value > right._value;

    /// <summary>Numeric order.</summary>
    public static bool operator <=(MacAddress left, MacAddress right) => left._value <= right._value;

    /// <summary>Numeric order.</summary>
    public static bool operator >=(MacAddress left, MacAddress right) => left._value >= right._value;

    /// <summary>Writes <c>aa:bb:cc:dd:ee:ff</c> in ASCII. Allocates nothing.</summary>
    /// <param name="text">Room for 17 bytes.</param>
    /// <param name="written">17.</param>
    /// <returns>False where there is no room.</returns>
    public bool TryFormat(Span<byte> text, out int written)
    {
        const int Length = 17;
        written = 0;
        if (text.Length < Length)
        {
            return false;
        }

        for (var i = 0; i < 6; i++)
        {
            if (i > 0)
            {
                text[(i * 3) - 1] = (byte)':';
            }

            ((byte)(_value >> (40 - (8 * i)))).TryFormat(text[(i * 3)..], out _, "x2", CultureInfo.InvariantCulture);
        }

        written = Length;
        return true;
    }

    private string Format(char separator) => string.Create(17, (_value, separator), static (span, state) =>
    {
        for (var i = 0; i < 6; i++)
        {
            if (i > 0)
            {
                span[(i * 3) - 1] = state.separator;
            }

            ((byte)(state._value >> (40 - (8 * i)))).TryFormat(span[(i * 3)..], out _, "x2");
        }
    });
}
