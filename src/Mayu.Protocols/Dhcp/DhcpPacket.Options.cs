using System.Buffers.Binary;
using Mayu.Primitives;

namespace Mayu.Protocols.Dhcp;

// Options may lie in three fields: `options`, then `file`, then `sname` (RFC 2131 §4.1, the order of RFC 3396 §5).
public readonly ref partial struct DhcpPacket
{
    /// <summary>
    /// Finds an option that may be of any length. One that was split into several is put together again (RFC 3396), which
    /// is the one case that allocates.
    /// </summary>
    /// <param name="code">The option.</param>
    /// <param name="value">Its value, possibly empty.</param>
    public bool TryGetOption(DhcpOptionCode code, out ReadOnlySpan<byte> value)
    {
        value = default;
        var pieces = 0;
        var total = 0;
        for (var field = 0; field < 3; field++)
        {
            var reader = new DhcpOptionReader(Area(field));
            while (reader.MoveNext())
            {
                if (reader.Code == code)
                {
                    value = pieces == 0 ? reader.Value : value;
                    pieces++;
                    total += reader.Value.Length;
                }
            }
        }

        if (pieces > 1)
        {
            value = Join(code, total);
        }

        return pieces > 0;
    }

    /// <summary>Finds the first occurrence of an option with one value of a fixed length.</summary>
    /// <param name="code">The option.</param>
    /// <param name="length">The length that its value must have.</param>
    /// <param name="value">Exactly <paramref name="length"/> bytes.</param>
    /// <returns>False where it is absent, or of another length.</returns>
    public bool TryGetFixed(DhcpOptionCode code, int length, out ReadOnlySpan<byte> value)
    {
        for (var field = 0; field < 3; field++)
        {
            var reader = new DhcpOptionReader(Area(field));
            while (reader.MoveNext())
            {
                if (reader.Code == code)
                {
                    value = reader.Value;
                    return value.Length == length;
                }
            }
        }

        value = default;
        return false;
    }

    /// <summary>Reads an option that is one address: 1, 28, 50, 54.</summary>
    /// <param name="code">The option.</param>
    /// <param name="address">The address.</param>
    public bool TryGetAddress(DhcpOptionCode code, out Ipv4 address)
    {
        var found = TryGetFixed(code, Ipv4.Size, out var value);
        address = found ? Ipv4.Read(value) : Ipv4.Any;
        return found;
    }

    /// <summary>Reads an option that is a number of four bytes: 51, 58, 59.</summary>
    /// <param name="code">The option.</param>
    /// <param name="number">The number.</param>
    public bool TryGetUInt32(DhcpOptionCode code, out uint number)
    {
        var found = TryGetFixed(code, sizeof(uint), out var value);
        number = found ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;
        return found;
    }

    /// <summary>Reads an option that is a number of two bytes: 26, 57.</summary>
    /// <param name="code">The option.</param>
    /// <param name="number">The number.</param>
    public bool TryGetUInt16(DhcpOptionCode code, out ushort number)
    {
        var found = TryGetFixed(code, sizeof(ushort), out var value);
        number = found ? BinaryPrimitives.ReadUInt16BigEndian(value) : (ushort)0;
        return found;
    }

    private ReadOnlySpan<byte> Area(int field) => field switch
    {
        0 when HasOptions => OptionsArea,
        1 when (_overload & 1) != 0 => FileArea,
        2 when (_overload & 2) != 0 => ServerNameArea,
        _ => default,
    };

    private byte[] Join(DhcpOptionCode code, int total)
    {
        var joined = new byte[total];
        var at = 0;
        for (var field = 0; field < 3; field++)
        {
            var reader = new DhcpOptionReader(Area(field));
            while (reader.MoveNext())
            {
                if (reader.Code == code)
                {
                    reader.Value.CopyTo(joined.AsSpan(at));
                    at += reader.Value.Length;
                }
            }
        }

        return joined;
    }
}
