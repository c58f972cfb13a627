namespace Mayu.Netboot.Tftp;

/// <summary>What the TFTP server is told.</summary>
internal sealed record TftpSettings
{
    /// <summary>The port of requests.</summary>
    public const int RequestPort = 69;

    /// <summary>Whether TFTP is served at all.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>The port of requests; 0 takes any, for tests.</summary>
    public int Port { get; init; } = RequestPort;

    /// <summary>Whether transfers keep to the port of requests, for clients behind NAT or a firewall that expect the answer from there.</summary>
    public bool SinglePort { get; init; }

    /// <summary>Transfers at once.</summary>
    /// <value>4096: several large racks that are switched on together; each costs some hundred bytes.</value>
    public int MaximumTransfers { get; init; } = 4096;

    /// <summary>Transfers at once of one address.</summary>
    /// <value>16: a firmware has one, or two while it gives one up; a few machines may share an address behind NAT.</value>
    public int MaximumTransfersPerClient { get; init; } = 16;

    /// <summary>Addresses of the interface's own subnets that something was sent to lately although the kernel does not know their MAC.</summary>
    /// <value>256: a quarter of the kernel's neighbour table, where its limit (net.ipv4.neigh.default.gc_thresh3) is not set.</value>
    public int MaximumUnresolvedClients { get; init; } = 256;

    /// <summary>How long to wait for the first ACK before a block is sent again, where the client says nothing else; doubles with each silence.</summary>
    /// <value>1 second.</value>
    public TimeSpan FirstTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a client may acknowledge nothing before it counts as gone.</summary>
    /// <value>30 seconds: five repetitions.</value>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest time for one transfer, however busy its client is.</summary>
    /// <value>30 minutes.</value>
    public TimeSpan MaximumDuration { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The largest block, in bytes; null: what goes through the interface unfragmented.</summary>
    public int? MaximumBlockSize { get; init; }

    /// <summary>The largest window (RFC 7440).</summary>
    /// <value>64 blocks: what fits the receive buffer of a usual socket.</value>
    public int MaximumWindowSize { get; init; } = 64;
}
