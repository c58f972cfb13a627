namespace Mayu.Protocols.Dhcp;

/// <summary>Why bytes are not a DHCP or BOOTP packet.</summary>
public enum DhcpParseError
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>Fewer than the 240 bytes up to and including the magic cookie.</summary>
    TooShort,

    /// <summary>More than <see cref="DhcpPacket.MaximumSize"/> bytes.</summary>
    TooLong,

    /// <summary><c>op</c> is neither BOOTREQUEST nor BOOTREPLY.</summary>
    UnknownOperation,

    /// <summary><c>hlen</c> is above the 16 bytes of <c>chaddr</c>.</summary>
    HardwareAddressTooLong,

    /// <summary>An option claims more bytes than its field has left.</summary>
    OptionOverrun,

    /// <summary>Option 52 is not one byte of 1, 2 or 3.</summary>
    BadOverload,

    /// <summary>Option 53 is not one byte of 1 to 255.</summary>
    BadMessageType,
}
