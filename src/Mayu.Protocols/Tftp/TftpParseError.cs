namespace Mayu.Protocols.Tftp;

/// <summary>Why bytes are not a TFTP packet.</summary>
public enum TftpParseError
{
    /// <summary>They are one.</summary>
    None,

    /// <summary>Fewer bytes than its kind needs.</summary>
    TooShort,

    /// <summary>A request, OACK or ERROR above 512 bytes (RFC 2347), or an ACK with something behind it.</summary>
    TooLong,

    /// <summary>The opcode is none of 1 to 6.</summary>
    UnknownOpcode,

    /// <summary>A text does not end with a NUL.</summary>
    MissingTerminator,

    /// <summary>A request names no file or no mode.</summary>
    MissingName,

    /// <summary>An option has no value.</summary>
    MissingValue,
}
