using System.Buffers.Binary;
using Mayu.Primitives;

namespace Mayu.Protocols.Dhcp;

/// <summary>
/// Builds a packet in the caller's buffer. An option that has no room any more is left out and counted, never cut: add
/// the ones that matter first. <see cref="Finish"/> ends the options and says how long the packet is.
/// </summary>
public ref struct DhcpPacketWriter
{
    /// <summary>What every BOOTP packet is at least long (RFC 951 §3, RFC 1542 §2.1): old relays and clients drop shorter ones.</summary>
    public const int MinimumSize = 300;

    /// <summary>What every client takes: 576 bytes with IP and UDP headers (RFC 2131 §2, RFC 2132 §9.10).</summary>
    public const int MinimumDatagram = 576;

    private const int IpAndUdpHeaders = 28;
    private const int LongestPiece = 255;
    private const int RoomToAnswer = 48;

    private readonly Span<byte> _buffer;
    private readonly ReadOnlySpan<byte> _relayInformation;
    private readonly int _limit;
    private int _length;

    private DhcpPacketWriter(Span<byte> buffer, int limit, ReadOnlySpan<byte> relayInformation)
    {
        buffer[..MinimumSize].Clear();
        _buffer = buffer;
        _relayInformation = relayInformation;
        // One byte stays for the end, and the relay's own option has its place before anything else.
        _limit = limit - 1 - EncodedSize(relayInformation.Length);
        _length = DhcpPacket.HeaderSize;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[DhcpPacket.CookieOffset..], DhcpPacket.MagicCookie);
    }

    /// <summary>How many options had no room.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The address that the client is given (<c>yiaddr</c>).</summary>
    public readonly Ipv4 YourAddress { set => value.Write(_buffer[DhcpPacket.YourAddressOffset..]); }

    /// <summary>The client's present address (<c>ciaddr</c>).</summary>
    public readonly Ipv4 ClientAddress { set => value.Write(_buffer[DhcpPacket.ClientAddressOffset..]); }

    /// <summary>The server of the next step (<c>siaddr</c>).</summary>
    public readonly Ipv4 NextServer { set => value.Write(_buffer[DhcpPacket.NextServerOffset..]); }

    /// <summary>Asks the relay, or the sender's own stack, for broadcast.</summary>
    public readonly bool Broadcast
    {
        set
        {
            var flags = BinaryPrimitives.ReadUInt16BigEndian(_buffer[DhcpPacket.FlagsOffset..]);
            flags = value ? (ushort)(flags | DhcpPacket.BroadcastFlag) : (ushort)(flags & ~DhcpPacket.BroadcastFlag);
            BinaryPrimitives.WriteUInt16BigEndian(_buffer[DhcpPacket.FlagsOffset..], flags);
        }
    }

    /// <summary>
    /// Starts an answer: op 2, and from the request htype, hlen, chaddr, xid, flags and giaddr (RFC 2131 §4.3.1). Option 82
    /// will be its last option, unchanged (RFC 3046 §2.1). The answer is no longer than the client's option 57 allows.
    /// </summary>
    /// <param name="buffer">Room for the answer, at least <see cref="MinimumSize"/> bytes; what is longer than the client takes stays unused.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="answer">The kind of answer; <see cref="DhcpMessageType.None"/> for BOOTP, which then has no option 53.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static DhcpPacketWriter Reply(Span<byte> buffer, scoped in DhcpPacket request, DhcpMessageType answer)
    {
        if (buffer.Length < MinimumSize)
        {
            throw new ArgumentException($"A packet has at least {MinimumSize} bytes", nameof(buffer));
        }

        var limit = Math.Min(buffer.Length, LongestAnswerTo(request, answer));
        // What a relay wrote may fill the packet it came in; where its echo would leave no room to answer it is left out.
        request.TryGetOption(DhcpOptionCode.RelayAgentInformation, out var relay);
        var relayFits = DhcpPacket.HeaderSize + RoomToAnswer + EncodedSize(relay.Length) <= limit;
        var writer = new DhcpPacketWriter(buffer, limit, relayFits ? relay : default) { LeftOut = relayFits ? 0 : 1 };

        var source = request.Bytes;
        buffer[0] = (byte)DhcpOperation.BootReply;
        source.Slice(1, 2).CopyTo(buffer[1..]);
        source.Slice(DhcpPacket.TransactionOffset, sizeof(uint)).CopyTo(buffer[DhcpPacket.TransactionOffset..]);
        source.Slice(DhcpPacket.FlagsOffset, sizeof(ushort)).CopyTo(buffer[DhcpPacket.FlagsOffset..]);
        source.Slice(DhcpPacket.RelayAddressOffset, Ipv4.Size).CopyTo(buffer[DhcpPacket.RelayAddressOffset..]);
        source.Slice(DhcpPacket.HardwareAddressOffset, HardwareAddress.MaximumLength).CopyTo(buffer[DhcpPacket.HardwareAddressOffset..]);
        if (answer != DhcpMessageType.None)
        {
            writer.Add(DhcpOptionCode.MessageType, (byte)answer);
        }

        return writer;
    }

    /// <summary>Starts a client's packet: what a simulator sends.</summary>
    /// <param name="buffer">Room for it, at least <see cref="MinimumSize"/> bytes.</param>
    /// <param name="type">The kind; <see cref="DhcpMessageType.None"/> for BOOTP.</param>
    /// <param name="hardwareAddress">The client.</param>
    /// <param name="transactionId"><c>xid</c>.</param>
    /// <exception cref="ArgumentException">The buffer is too small.</exception>
    public static DhcpPacketWriter Request(Span<byte> buffer, DhcpMessageType type, HardwareAddress hardwareAddress, uint transactionId)
    {
        if (buffer.Length < MinimumSize)
        {
            throw new ArgumentException($"A packet has at least {MinimumSize} bytes", nameof(buffer));
        }

        var writer = new DhcpPacketWriter(buffer, Math.Min(buffer.Length, DhcpPacket.MaximumSize), default);
        buffer[0] = (byte)DhcpOperation.BootRequest;
        buffer[1] = hardwareAddress.Type;
        buffer[2] = hardwareAddress.Length;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[DhcpPacket.TransactionOffset..], transactionId);
        hardwareAddress.CopyTo(buffer[DhcpPacket.HardwareAddressOffset..]);
        if (type != DhcpMessageType.None)
        {
            writer.Add(DhcpOptionCode.MessageType, (byte)type);
        }

        return writer;
    }

    /// <summary>Writes <c>file</c>.</summary>
    /// <param name="name">ASCII, at most 127 bytes, so that the field ends with a NUL.</param>
    /// <returns>False where it does not fit; the field then stays empty, and option 67 has to carry the name.</returns>
    public readonly bool TrySetBootFile(ReadOnlySpan<byte> name)
    {
        var field = _buffer.Slice(DhcpPacket.BootFileOffset, DhcpPacket.BootFileSize);
        if (name.Length >= field.Length || name.Contains((byte)0))
        {
            return false;
        }

        field.Clear();
        name.CopyTo(field);
        return true;
    }

    /// <summary>Adds an option; one above 255 bytes is split (RFC 3396).</summary>
    /// <param name="code">The option.</param>
    /// <param name="value">Its value.</param>
    /// <returns>False where it had no room and was left out.</returns>
    public bool Add(DhcpOptionCode code, scoped ReadOnlySpan<byte> value)
    {
        if (_length + Math.Max(2, EncodedSize(value.Length)) > _limit)
        {
            LeftOut++;
            return false;
        }

        Append(code, value);
        return true;
    }

    /// <summary>Adds an option of one byte.</summary>
    /// <param name="code">The option.</param>
    /// <param name="value">Its value.</param>
    public bool Add(DhcpOptionCode code, byte value) => Add(code, [value]);

    /// <summary>Adds an option that is one address.</summary>
    /// <param name="code">The option.</param>
    /// <param name="value">Its value.</param>
    public bool Add(DhcpOptionCode code, Ipv4 value)
    {
        Span<byte> bytes = stackalloc byte[Ipv4.Size];
        value.Write(bytes);
        return Add(code, bytes);
    }

    /// <summary>Adds an option that is a list of addresses; an empty list adds none.</summary>
    /// <param name="code">The option.</param>
    /// <param name="values">At most 63 addresses; more are left out.</param>
    public bool Add(DhcpOptionCode code, scoped ReadOnlySpan<Ipv4> values)
    {
        const int Most = LongestPiece / Ipv4.Size;
        values = values[..Math.Min(values.Length, Most)];
        if (values.IsEmpty)
        {
            return true;
        }

        Span<byte> bytes = stackalloc byte[Most * Ipv4.Size];
        for (var i = 0; i < values.Length; i++)
        {
            values[i].Write(bytes[(i * Ipv4.Size)..]);
        }

        return Add(code, bytes[..(values.Length * Ipv4.Size)]);
    }

    /// <summary>Adds an option that is a number of four bytes.</summary>
    /// <param name="code">The option.</param>
    /// <param name="value">Its value.</param>
    public bool AddUInt32(DhcpOptionCode code, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Add(code, bytes);
    }

    /// <summary>Adds an option that is a number of two bytes.</summary>
    /// <param name="code">The option.</param>
    /// <param name="value">Its value.</param>
    public bool AddUInt16(DhcpOptionCode code, ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return Add(code, bytes);
    }

    /// <summary>Whether an option was added already.</summary>
    /// <param name="code">The option.</param>
    public readonly bool Has(DhcpOptionCode code)
    {
        var reader = new DhcpOptionReader(_buffer[DhcpPacket.HeaderSize.._length]);
        while (reader.MoveNext())
        {
            if (reader.Code == code)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds option 82 where the request had it, and the end. Nothing may be added after.</summary>
    /// <returns>The packet's length, at least <see cref="MinimumSize"/>.</returns>
    public int Finish()
    {
        if (!_relayInformation.IsEmpty)
        {
            Append(DhcpOptionCode.RelayAgentInformation, _relayInformation);
        }

        _buffer[_length++] = (byte)DhcpOptionCode.End;
        return Math.Max(_length, MinimumSize);
    }

    // A BOOTP client without DHCP has the vendor area of its own request's size, 64 bytes as a rule (RFC 1534 §2).
    private static int LongestAnswerTo(scoped in DhcpPacket request, DhcpMessageType answer)
    {
        if (answer == DhcpMessageType.None)
        {
            return Math.Max(request.Bytes.Length, MinimumSize);
        }

        var datagram = request.TryGetUInt16(DhcpOptionCode.MaximumMessageSize, out var asked) ? asked : (ushort)0;
        return Math.Max(datagram, (ushort)MinimumDatagram) - IpAndUdpHeaders;
    }

    private static int EncodedSize(int length) => length + (2 * ((length + LongestPiece - 1) / LongestPiece));

    private void Append(DhcpOptionCode code, scoped ReadOnlySpan<byte> value)
    {
        do
        {
            var piece = value[..Math.Min(value.Length, LongestPiece)];
            _buffer[_length] = (byte)code;
            _buffer[_length + 1] = (byte)piece.Length;
            piece.CopyTo(_buffer[(_length + 2)..]);
            _length += 2 + piece.Length;
            value = value[piece.Length..];
        }
        while (!value.IsEmpty);
    }
}
