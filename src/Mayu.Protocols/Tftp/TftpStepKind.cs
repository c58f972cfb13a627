namespace Mayu.Protocols.Tftp;

/// <summary>What the sending side does next.</summary>
public enum TftpStepKind
{
    /// <summary>Nothing: wait for the next packet or the time-out, which goes on running.</summary>
    Wait,

    /// <summary>Send the OACK and start the time-out anew.</summary>
    SendOack,

    /// <summary>Send DATA for some blocks and start the time-out anew.</summary>
    SendBlocks,

    /// <summary>The transfer is over: <see cref="TftpSender.Outcome"/> says how.</summary>
    Finish,
}
