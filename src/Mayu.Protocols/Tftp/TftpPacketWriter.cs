using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Mayu.Protocols.Tftp;

/// <summary>Writes packets into the caller's buffer; each method returns the packet's length (RFC 1350 §5, RFC 2347).</summary>
public static class TftpPacketWriter
{
    private const int HeaderSize = 4;

    /// <summary>Writes the four bytes before a block's own; the block goes behind them.</summary>
    /// <param name="buffer">Room for at least four bytes.</param>
    /// <param name="block">The block's number on the wire.</param>
    public static int WriteDataHeader(Span<byte> buffer, ushort block) => WriteHeader(buffer, TftpOpcode.Data, block);

    /// <summary>Writes an ACK.</summary>
    /// <param name="buffer">Room for at least four bytes.</param>
    /// <param name="block">The block that came.</param>
    public static int WriteAcknowledgement(Span<byte> buffer, ushort block) => WriteHeader(buffer, TftpOpcode.Acknowledgement, block);

    /// <summary>Writes an ERROR; a message that has no room is cut.</summary>
    /// <param name="buffer">Room for at least five bytes.</param>
    /// <param name="code">What is wrong.</param>
    /// <param name="message">The same in words, ASCII; firmware shows it on its screen.</param>
    public static int WriteError(Span<byte> buffer, TftpErrorCode code, ReadOnlySpan<byte> message)
    {
        WriteHeader(buffer, TftpOpcode.Error, (ushort)code);
        message = message[..Math.Min(message.Length, buffer.Length - HeaderSize - 1)];
        message.CopyTo(buffer[HeaderSize..]);
        buffer[HeaderSize + message.Length] = 0;
        return HeaderSize + message.Length + 1;
    }

    /// <summary>Writes the OACK of an agreement: what was asked and is taken, nothing else (RFC 2347).</summary>
    /// <param name="buffer">Room for 100 bytes.</param>
    /// <param name="agreement">The agreement; one without <see cref="TftpAgreement.NeedsOack"/> would make the empty OACK that EDK2 drops.</param>
    public static int WriteOptionAcknowledgement(Span<byte> buffer, TftpAgreement agreement)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)TftpOpcode.OptionAcknowledgement);
        return WriteOptions(
            buffer, sizeof(ushort), agreement.AcknowledgedBlockSize, agreement.AcknowledgedTransferSize, agreement.AcknowledgedTimeoutSeconds,
            agreement.AcknowledgedWindowSize);
    }

    /// <summary>Writes a read request in octet mode: what a simulator sends.</summary>
    /// <param name="buffer">Room for 512 bytes.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="options">What to ask for.</param>
    public static int WriteReadRequest(Span<byte> buffer, string file, TftpRequestedOptions options)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)TftpOpcode.ReadRequest);
        var at = sizeof(ushort);
        at += Encoding.UTF8.GetBytes(file, buffer[at..]);
        buffer[at++] = 0;
        "octet\0"u8.CopyTo(buffer[at..]);
        at += "octet\0"u8.Length;
        return WriteOptions(buffer, at, options.BlockSize, options.TransferSize, options.TimeoutSeconds, options.WindowSize);
    }

    private static int WriteHeader(Span<byte> buffer, TftpOpcode opcode, ushort number)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)opcode);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[sizeof(ushort)..], number);
        return HeaderSize;
    }

    private static int WriteOptions(Span<byte> buffer, int at, long? blockSize, long? transferSize, long? timeoutSeconds, long? windowSize)
    {
        at += WriteOption(buffer[at..], "blksize"u8, blockSize);
        at += WriteOption(buffer[at..], "tsize"u8, transferSize);
        at += WriteOption(buffer[at..], "timeout"u8, timeoutSeconds);
        at += WriteOption(buffer[at..], "windowsize"u8, windowSize);
        return at;
    }

    private static int WriteOption(Span<byte> buffer, ReadOnlySpan<byte> name, long? value)
    {
        if (value is not { } number)
        {
            return 0;
        }

        name.CopyTo(buffer);
        buffer[name.Length] = 0;
        number.TryFormat(buffer[(name.Length + 1)..], out var digits, provider: CultureInfo.InvariantCulture);
        buffer[name.Length + 1 + digits] = 0;
        return name.Length + digits + 2;
    }
}
