using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;
using Mayu.Primitives;

namespace Mayu.Netboot.Leases;

/// <summary>
/// A record as a line of text: <c>lease 10.0.0.50 52:54:00:00:00:01 1795561234 9f3a1c22</c>: kind, address, client or <c>-</c>, end in seconds since
/// 1970, and the CRC-32C of all before the last space.
/// </summary>
internal static class LeaseLine
{
    /// <summary>The longest line, with its end.</summary>
    public const int MaximumLength = 80;

    private const int ChecksumLength = 8;
    private const int ShortestText = 10;

    // What a DateTimeOffset takes: the end of the year 9999.
    private const long LatestEnd = 253_402_300_799;

    /// <summary>Writes a line, with its end. Allocates nothing.</summary>
    /// <param name="line">Room for <see cref="MaximumLength"/> bytes.</param>
    /// <param name="record">The record.</param>
    /// <returns>The line's length.</returns>
    public static int Write(Span<byte> line, in LeaseRecord record)
    {
        var at = Put(line, 0, Word(record.Kind));
        line[at++] = (byte)' ';
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            at += Number(line[at..], (record.Address.Value >> shift) & 255);
            line[at++] = (byte)(shift == 0 ? ' ' : '.');
        }

        if (record.Client is { } client)
        {
            client.TryFormat(line[at..], out var written);
            at += written;
        }
        else
        {
            line[at++] = (byte)'-';
        }

        line[at++] = (byte)' ';
        at += Number(line[at..], record.EndsAt);
        var checksum = Checksum(line[..at]);
        line[at++] = (byte)' ';
        Utf8Formatter.TryFormat(checksum, line[at..], out _, new System.Buffers.StandardFormat('x', ChecksumLength));
        at += ChecksumLength;
        line[at++] = (byte)'\n';
        return at;
    }

    /// <summary>Reads a line without its end.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out LeaseRecord record)
    {
        record = default;
        if (line.Length is < ShortestText + ChecksumLength or > MaximumLength || line[^(ChecksumLength + 1)] != (byte)' ')
        {
            return false;
        }

        var text = line[..^(ChecksumLength + 1)];
        if (!uint.TryParse(line[^ChecksumLength..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var checksum) || checksum != Checksum(text))
        {
            return false;
        }

        var parts = Encoding.ASCII.GetString(text).Split(' ');
        MacAddress? client = null;
        if (parts.Length != 4 || KindOf(parts[0]) is not { } kind || !Ipv4.TryParse(parts[1], out var address)
            || !long.TryParse(parts[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var endsAt) || endsAt is < 0 or > LatestEnd)
        {
            return false;
        }

        if (parts[2] != "-")
        {
            if (!MacAddress.TryParse(parts[2], out var mac))
            {
                return false;
            }

            client = mac;
        }

        record = new LeaseRecord(kind, address, client, endsAt);
        return true;
    }

    private static ReadOnlySpan<byte> Word(LeaseRecordKind kind) => kind switch
    {
        LeaseRecordKind.Lease => "lease"u8,
        LeaseRecordKind.Trial => "trial"u8,
        LeaseRecordKind.Released => "released"u8,
        LeaseRecordKind.Held => "held"u8,
        _ => "free"u8,
    };

    private static LeaseRecordKind? KindOf(string word) => word switch
    {
        "lease" => LeaseRecordKind.Lease,
        "trial" => LeaseRecordKind.Trial,
        "released" => LeaseRecordKind.Released,
        "held" => LeaseRecordKind.Held,
        "free" => LeaseRecordKind.Free,
        _ => null,
    };

    private static int Put(Span<byte> line, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(line[at..]);
        return at + text.Length;
    }

    private static int Number(Span<byte> line, long value)
    {
        Utf8Formatter.TryFormat(value, line, out var written);
        return written;
    }

    private static uint Checksum(ReadOnlySpan<byte> text)
    {
        var crc = uint.MaxValue;
        foreach (var value in text)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
