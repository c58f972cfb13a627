namespace Mayu.Protocols.Tftp;

/// <summary>What a <see cref="TftpReceiver"/> has its caller do.</summary>
/// <param name="Kind">What to send.</param>
public readonly record struct TftpReceiverStep(TftpReceiverStepKind Kind)
{
    /// <summary>The block that is acknowledged; of <see cref="TftpReceiverStepKind.Acknowledge"/>.</summary>
    public ushort Block { get; init; }

    /// <summary>Whether the data of the packet come next in the file.</summary>
    public bool TakesData { get; init; }

    /// <summary>Why; of <see cref="TftpReceiverStepKind.Refuse"/>.</summary>
    public TftpErrorCode Code { get; init; }
}
