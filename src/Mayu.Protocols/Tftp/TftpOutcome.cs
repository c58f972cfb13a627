namespace Mayu.Protocols.Tftp;

/// <summary>How a transfer ended.</summary>
public enum TftpOutcome
{
    /// <summary>It has not.</summary>
    Running,

    /// <summary>The client acknowledged the last block.</summary>
    Completed,

    /// <summary>Everything was sent, and the last ACK never came. Some ROMs start what they loaded without one.</summary>
    Unconfirmed,

    /// <summary>The client wanted the size only: it answered the OACK with an ERROR. EDK2 does so before each download.</summary>
    Probed,

    /// <summary>The client sent an ERROR.</summary>
    Aborted,

    /// <summary>The client fell silent.</summary>
    TimedOut,
}
