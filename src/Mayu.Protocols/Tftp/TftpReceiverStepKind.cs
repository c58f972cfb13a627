namespace Mayu.Protocols.Tftp;

/// <summary>What the receiving side sends next.</summary>
public enum TftpReceiverStepKind
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>The request once more.</summary>
    SendRequest,

    /// <summary>An ACK.</summary>
    Acknowledge,

    /// <summary>An ERROR; the transfer is over.</summary>
    Refuse,

    /// <summary>Nothing: the server sent an ERROR, and the transfer is over.</summary>
    Refused,
}
