using System.Buffers.Binary;

namespace Mayu.Protocols.Tftp;

/// <summary>A TFTP packet, read in place (RFC 1350 §5, RFC 2347): a view of the datagram's bytes. Reading allocates nothing.</summary>
public readonly ref struct TftpPacket
{
    /// <summary>The longest request, OACK and ERROR (RFC 2347).</summary>
    public const int MaximumRequestSize = 512;

    /// <summary>Opcode and block number before a DATA packet's bytes.</summary>
    public const int DataHeaderSize = 4;

    private readonly ReadOnlySpan<byte> _options;

    private TftpPacket(TftpOpcode opcode, ushort number, ReadOnlySpan<byte> body, ReadOnlySpan<byte> mode, ReadOnlySpan<byte> options)
    {
        Opcode = opcode;
        Number = number;
        Body = body;
        Mode = mode;
        _options = options;
    }

    /// <summary>What it is.</summary>
    public TftpOpcode Opcode { get; }

    /// <summary>The block of DATA and ACK, the code of ERROR.</summary>
    public ushort Number { get; }

    /// <summary>The file name of a request, the bytes of DATA, the message of ERROR.</summary>
    public ReadOnlySpan<byte> Body { get; }

    /// <summary>The mode of a request, in whatever case the client wrote it.</summary>
    public ReadOnlySpan<byte> Mode { get; }

    /// <summary>The options of a request or OACK, in their order.</summary>
    public TftpOptionReader Options => new(_options);

    /// <summary>Checks the bytes and makes a view of them. Never throws.</summary>
    /// <param name="bytes">One datagram.</param>
    /// <param name="packet">The view; only to be read after true.</param>
    /// <param name="error">Why not.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out TftpPacket packet, out TftpParseError error)
    {
        packet = default;
        if (bytes.Length < sizeof(ushort))
        {
            error = TftpParseError.TooShort;
            return false;
        }

        var opcode = (TftpOpcode)BinaryPrimitives.ReadUInt16BigEndian(bytes);
        error = opcode switch
        {
            TftpOpcode.ReadRequest or TftpOpcode.WriteRequest => ParseRequest(opcode, bytes, out packet),
            TftpOpcode.Data or TftpOpcode.Acknowledgement or TftpOpcode.Error => ParseNumbered(opcode, bytes, out packet),
            TftpOpcode.OptionAcknowledgement => ParseOptionAcknowledgement(bytes, out packet),
            _ => TftpParseError.UnknownOpcode,
        };
        return error == TftpParseError.None;
    }

    private static TftpParseError ParseRequest(TftpOpcode opcode, ReadOnlySpan<byte> bytes, out TftpPacket packet)
    {
        packet = default;
        if (bytes.Length > MaximumRequestSize)
        {
            return TftpParseError.TooLong;
        }

        var rest = bytes[sizeof(ushort)..];
        if (!TryTakeText(ref rest, out var name) || !TryTakeText(ref rest, out var mode))
        {
            return TftpParseError.MissingTerminator;
        }

        if (name.IsEmpty || mode.IsEmpty)
        {
            return TftpParseError.MissingName;
        }

        packet = new TftpPacket(opcode, 0, name, mode, rest);
        return CheckOptions(rest);
    }

    private static TftpParseError ParseNumbered(TftpOpcode opcode, ReadOnlySpan<byte> bytes, out TftpPacket packet)
    {
        packet = default;
        if (bytes.Length < DataHeaderSize)
        {
            return TftpParseError.TooShort;
        }

        var body = bytes[DataHeaderSize..];
        if (opcode == TftpOpcode.Error)
        {
            if (bytes.Length > MaximumRequestSize)
            {
                return TftpParseError.TooLong;
            }

            // Clients forget the NUL of an ERROR, and nothing depends on it.
            var end = body.IndexOf((byte)0);
            body = end < 0 ? body : body[..end];
        }

        packet = new TftpPacket(opcode, BinaryPrimitives.ReadUInt16BigEndian(bytes[sizeof(ushort)..]), body, default, default);
        return TftpParseError.None;
    }

    private static TftpParseError ParseOptionAcknowledgement(ReadOnlySpan<byte> bytes, out TftpPacket packet)
    {
        var options = bytes[sizeof(ushort)..];
        packet = new TftpPacket(TftpOpcode.OptionAcknowledgement, 0, default, default, options);
        return bytes.Length > MaximumRequestSize ? TftpParseError.TooLong : CheckOptions(options);
    }

    private static TftpParseError CheckOptions(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty)
        {
            if (!TryTakeText(ref options, out var name))
            {
                return TftpParseError.MissingTerminator;
            }

            // Some firmware pads its request with NULs: an empty name ends the options.
            if (name.IsEmpty)
            {
                return TftpParseError.None;
            }

            if (options.IsEmpty)
            {
                return TftpParseError.MissingValue;
            }

            if (!TryTakeText(ref options, out _))
            {
                return TftpParseError.MissingTerminator;
            }
        }

        return TftpParseError.None;
    }

    internal static bool TryTakeText(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        var end = rest.IndexOf((byte)0);
        if (end < 0)
        {
            text = default;
            return false;
        }

        text = rest[..end];
        rest = rest[(end + 1)..];
        return true;
    }
}
