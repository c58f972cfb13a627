namespace Mayu.Protocols.Tftp;

/// <summary>The first two bytes of a packet (RFC 1350 §5, RFC 2347).</summary>
public enum TftpOpcode : ushort
{
    /// <summary>No packet.</summary>
    None = 0,

    /// <summary>RRQ: the client reads a file.</summary>
    ReadRequest = 1,

    /// <summary>WRQ: the client writes a file.</summary>
    WriteRequest = 2,

    /// <summary>DATA.</summary>
    Data = 3,

    /// <summary>ACK.</summary>
    Acknowledgement = 4,

    /// <summary>ERROR.</summary>
    Error = 5,

    /// <summary>OACK: the options that the server takes.</summary>
    OptionAcknowledgement = 6,
}
