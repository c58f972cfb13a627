using System.Buffers.Binary;
using Mayu.Primitives;

namespace Mayu.Protocols.Dhcp;

/// <summary>
/// A DHCPv4 or BOOTP packet, read in place (RFC 2131 §2, RFC 951): a view of the datagram's bytes, which must outlive it.
/// What <see cref="TryParse"/> accepts can be read without any further check; reading allocates only where an option was
/// split (RFC 3396).
/// </summary>
public readonly ref partial struct DhcpPacket
{
    /// <summary>The fixed header, magic cookie included; options start here.</summary>
    public const int HeaderSize = 240;

    /// <summary>The longest datagram taken: a jumbo frame's. No client's request comes near it.</summary>
    public const int MaximumSize = 9216;

    /// <summary>The room of <c>sname</c>, bytes.</summary>
    public const int ServerNameSize = 64;

    /// <summary>The room of <c>file</c>, bytes.</summary>
    public const int BootFileSize = 128;

    internal const int TransactionOffset = 4;
    internal const int SecondsOffset = 8;
    internal const int FlagsOffset = 10;
    internal const int ClientAddressOffset = 12;
    internal const int YourAddressOffset = 16;
    internal const int NextServerOffset = 20;
    internal const int RelayAddressOffset = 24;
    internal const int HardwareAddressOffset = 28;
    internal const int ServerNameOffset = 44;
    internal const int BootFileOffset = 108;
    internal const int CookieOffset = 236;
    internal const uint MagicCookie = 0x63825363;
    internal const ushort BroadcastFlag = 0x8000;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly byte _overload;

    private DhcpPacket(ReadOnlySpan<byte> bytes, bool hasOptions, byte overload, DhcpMessageType messageType)
    {
        _bytes = bytes;
        HasOptions = hasOptions;
        _overload = overload;
        MessageType = messageType;
    }

    /// <summary>The datagram.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary><c>op</c>.</summary>
    public DhcpOperation Operation => (DhcpOperation)_bytes[0];

    /// <summary>Option 53, or <see cref="DhcpMessageType.None"/> for BOOTP.</summary>
    public DhcpMessageType MessageType { get; }

    /// <summary>Whether the magic cookie is there. Without it the vendor area is whatever a BOOTP client put there, and is not read.</summary>
    public bool HasOptions { get; }

    /// <summary><c>hops</c>: relays on the way.</summary>
    public byte Hops => _bytes[3];

    /// <summary><c>xid</c>: the client's number for this conversation.</summary>
    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(_bytes[TransactionOffset..]);

    /// <summary><c>secs</c>: seconds since the client began to ask; firmware writes what it likes.</summary>
    public ushort Seconds => BinaryPrimitives.ReadUInt16BigEndian(_bytes[SecondsOffset..]);

    /// <summary><c>flags</c>; all bits but the first are reserved.</summary>
    public ushort Flags => BinaryPrimitives.ReadUInt16BigEndian(_bytes[FlagsOffset..]);

    /// <summary>Whether the client cannot take unicast before it has an address (RFC 2131 §4.1).</summary>
    public bool WantsBroadcast => (Flags & BroadcastFlag) != 0;

    /// <summary><c>ciaddr</c>: the address that the client has already and answers ARP for.</summary>
    public Ipv4 ClientAddress => Ipv4.Read(_bytes[ClientAddressOffset..]);

    /// <summary><c>yiaddr</c>: the address that the server gives.</summary>
    public Ipv4 YourAddress => Ipv4.Read(_bytes[YourAddressOffset..]);

    /// <summary><c>siaddr</c>: the server of the next step, TFTP's.</summary>
    public Ipv4 NextServer => Ipv4.Read(_bytes[NextServerOffset..]);

    /// <summary><c>giaddr</c>: the relay, or 0.0.0.0.</summary>
    public Ipv4 RelayAddress => Ipv4.Read(_bytes[RelayAddressOffset..]);

    /// <summary><c>htype</c>, <c>hlen</c> and <c>chaddr</c>.</summary>
    public HardwareAddress HardwareAddress => new(_bytes[1], _bytes.Slice(HardwareAddressOffset, _bytes[2]));

    /// <summary><c>sname</c> up to its first NUL; empty where options are in it.</summary>
    public ReadOnlySpan<byte> ServerName => (_overload & 2) != 0 ? default : UpToNul(_bytes.Slice(ServerNameOffset, ServerNameSize));

    /// <summary><c>file</c> up to its first NUL; empty where options are in it.</summary>
    public ReadOnlySpan<byte> BootFile => (_overload & 1) != 0 ? default : UpToNul(_bytes.Slice(BootFileOffset, BootFileSize));

    private ReadOnlySpan<byte> FileArea => _bytes.Slice(BootFileOffset, BootFileSize);

    private ReadOnlySpan<byte> ServerNameArea => _bytes.Slice(ServerNameOffset, ServerNameSize);

    private ReadOnlySpan<byte> OptionsArea => _bytes[HeaderSize..];

    /// <summary>Checks the bytes and makes a view of them. Takes time in proportion to their number, and never throws.</summary>
    /// <param name="bytes">One datagram.</param>
    /// <param name="packet">The view; only to be read after true.</param>
    /// <param name="error">Why not.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out DhcpPacket packet, out DhcpParseError error)
    {
        packet = default;
        error = CheckHeader(bytes);
        if (error != DhcpParseError.None)
        {
            return false;
        }

        // RFC 951 leaves the vendor area to the vendor: without the cookie there is nothing in it to read.
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[CookieOffset..]) != MagicCookie)
        {
            packet = new DhcpPacket(bytes, hasOptions: false, overload: 0, DhcpMessageType.None);
            return true;
        }

        byte overload = 0;
        var messageType = DhcpMessageType.None;
        error = CheckArea(bytes[HeaderSize..], ref overload, ref messageType, mayOverload: true);
        if (error == DhcpParseError.None && (overload & 1) != 0)
        {
            error = CheckArea(bytes.Slice(BootFileOffset, BootFileSize), ref overload, ref messageType, mayOverload: false);
        }

        if (error == DhcpParseError.None && (overload & 2) != 0)
        {
            error = CheckArea(bytes.Slice(ServerNameOffset, ServerNameSize), ref overload, ref messageType, mayOverload: false);
        }

        if (error != DhcpParseError.None)
        {
            return false;
        }

        packet = new DhcpPacket(bytes, hasOptions: true, overload, messageType);
        return true;
    }

    private static DhcpParseError CheckHeader(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        < HeaderSize => DhcpParseError.TooShort,
        > MaximumSize => DhcpParseError.TooLong,
        _ when bytes[0] is not ((byte)DhcpOperation.BootRequest or (byte)DhcpOperation.BootReply) => DhcpParseError.UnknownOperation,
        _ when bytes[2] > HardwareAddress.MaximumLength => DhcpParseError.HardwareAddressTooLong,
        _ => DhcpParseError.None,
    };

    // A second 52 or 53 is not one value in two pieces (RFC 3396 §5 leaves single values alone): the first one counts.
    private static DhcpParseError CheckArea(ReadOnlySpan<byte> area, ref byte overload, ref DhcpMessageType messageType, bool mayOverload)
    {
        var reader = new DhcpOptionReader(area);
        while (reader.MoveNext())
        {
            if (reader.Code == DhcpOptionCode.Overload && mayOverload && overload == 0)
            {
                if (reader.Value is not [>= 1 and <= 3])
                {
                    return DhcpParseError.BadOverload;
                }

                overload = reader.Value[0];
            }
            else if (reader.Code == DhcpOptionCode.MessageType && messageType == DhcpMessageType.None)
            {
                if (reader.Value is not [>= 1])
                {
                    return DhcpParseError.BadMessageType;
                }

                messageType = (DhcpMessageType)reader.Value[0];
            }
        }

        return reader.IsOverrun ? DhcpParseError.OptionOverrun : DhcpParseError.None;
    }

    private static ReadOnlySpan<byte> UpToNul(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
