namespace Mayu.Protocols.Tftp;

/// <summary>The code of an ERROR packet (RFC 1350 appendix, RFC 2347). Values outside this list are kept as they came.</summary>
public enum TftpErrorCode : ushort
{
    /// <summary>See the message.</summary>
    NotDefined = 0,

    /// <summary>File not found.</summary>
    FileNotFound = 1,

    /// <summary>Access violation.</summary>
    AccessViolation = 2,

    /// <summary>Disk full.</summary>
    DiskFull = 3,

    /// <summary>Illegal operation.</summary>
    IllegalOperation = 4,

    /// <summary>Unknown transfer: the packet came from a port that has none.</summary>
    UnknownTransfer = 5,

    /// <summary>File exists.</summary>
    FileExists = 6,

    /// <summary>No such user.</summary>
    NoSuchUser = 7,

    /// <summary>The client does not want the options; EDK2 ends its size probe so.</summary>
    OptionsRefused = 8,
}
