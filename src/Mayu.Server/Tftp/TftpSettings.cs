namespace Mayu.Server.Tftp;

/// <summary>What the TFTP server is told.</summary>
internal sealed record TftpSettings
{
    /// <summary>Transfers at once.</summary>
    /// <value>512: a large rack that is switched on, and 40 MB of buffers at most.</value>
    public int MaximumTransfers { get; init; } = 512;

    /// <summary>Transfers at once of one address.</summary>
    /// <value>8: a firmware has one, or two while it gives one up.</value>
    public int MaximumTransfersPerClient { get; init; } = 8;

    /// <summary>How long to wait for the first ACK before a block is sent again, where the client says nothing else.</summary>
    /// <value>1 second.</value>
    public TimeSpan FirstTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a block is sent again before the client counts as gone.</summary>
    /// <value>5: after 31 seconds of silence.</value>
    public int Retransmissions { get; init; } = 5;

    /// <summary>The longest time for one transfer, however busy its client is.</summary>
    /// <value>30 minutes.</value>
    public TimeSpan MaximumDuration { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The largest window (RFC 7440).</summary>
    /// <value>16 blocks.</value>
    public int MaximumWindowSize { get; init; } = 16;

    /// <summary>What certain clients cannot stand; null: nothing is known of any.</summary>
    public ITftpQuirks? Quirks { get; init; }
}
